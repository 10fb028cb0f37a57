import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { Candle, CandleInterval } from '../../domain/candle.ts';
import type { MarketView } from '../../view/market-view.ts';
import { encodedCandle } from './encoded.ts';

/** Candles that wait for one reader: the running one and those that have ended since. Beyond it the oldest is dropped. */
const candleQueueMax = 100;

/**
 * The running candle, then its newest form whenever it has changed, and the last form of each that has ended: a reader of the stream gets
 * every candle's close.
 */
export function candleSource(view: MarketView, symbol: string, interval: CandleInterval): SourceOpener<EncodedMessage> {
  return (wake) => {
    const waiting = new Map<number, Candle>();
    const put = (candle: Candle | undefined) => {
      if (candle?.interval !== interval) return;
      waiting.set(candle.startMs, candle);
      if (waiting.size > candleQueueMax) waiting.delete(waiting.keys().next().value as number);
      wake();
    };
    const putRunning = () => put(view.get(symbol)?.running.get(interval));
    const subscription = view.listeners.add([symbol], { candleChanged: put, rebuilt: putRunning });
    putRunning();
    return {
      take() {
        for (const [startMs, candle] of waiting) {
          waiting.delete(startMs);
          const symbolView = view.get(symbol);
          if (symbolView !== undefined) return encodedCandle(view, symbolView, candle);
        }
        return undefined;
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}
