import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/pump.ts';
import type { CandleSeries } from '../../view/candle-series.ts';
import { encodedPoint } from '../messages/messages.ts';
import type { IndicatorQuery } from '../messages/request-fields.ts';

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
