import { StreamIndicatorResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { CandleSeries } from '../../view/candle-series.ts';
import { encode } from '../messages/analytics-messages.ts';
import { pointsOf } from '../messages/indicator-messages.ts';
import type { IndicatorQuery } from '../messages/request-fields.ts';

/** The newest value, then again when the candles have changed since: nothing waits but the fact that they did. */
export function indicatorSource(
  series: CandleSeries,
  query: IndicatorQuery,
  nowMs: () => number,
): SourceOpener<EncodedMessage> {
  return (wake) => {
    let isDue = true;
    const changed = () => {
      isDue = true;
      wake();
    };
    series.listeners.add(changed);
    return {
      take() {
        if (!isDue) return undefined;
        isDue = false;
        return encodedPoint(series, query, nowMs());
      },
      [Symbol.dispose]: () => void series.listeners.delete(changed),
    };
  };
}

/** The message with the newest value, made once for all readers; undefined while there are too few candles. */
function encodedPoint(series: CandleSeries, query: IndicatorQuery, nowMs: number): EncodedMessage | undefined {
  const key = `${query.terms.name} ${query.terms.length}`;
  const known = series.messages.get(key);
  if (known !== undefined) return known;
  const [point] = pointsOf(series.bars, query, { count: 1, nowMs });
  if (point === undefined) return undefined;
  const encoded = encode(StreamIndicatorResponseSchema, {
    ...series.position,
    message: { case: 'point', value: point },
  });
  series.messages.set(key, encoded);
  return encoded;
}
