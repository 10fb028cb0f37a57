import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { CandleSeries } from '../follow/candle-series.ts';
import { encodedPoint } from '../messages.ts';
import type { IndicatorQuery } from '../request-fields.ts';

/** The newest value, then again when the closes have changed since: nothing waits but the fact that they did. */
export function indicatorSource(series: CandleSeries, query: IndicatorQuery): SourceOpener<EncodedMessage> {
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
        return encodedPoint(series, query);
      },
      [Symbol.dispose]: () => void series.listeners.delete(changed),
    };
  };
}
