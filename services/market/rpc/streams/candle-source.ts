import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { Candle, CandleInterval } from '../../domain/candle.ts';
import type { MarketView } from '../../view/market-view.ts';
import { encodedCandle } from './encoded.ts';

/** Candles of a symbol that wait for one reader: the running one and those that have ended since. Beyond it the oldest is dropped. */
const candleQueueMax = 100;

/**
 * The running candles, then the newest form of each that has changed, and the last form of each that has ended: a reader of the stream gets
 * every candle's close.
 */
export function candleSource(
  view: MarketView,
  symbols: readonly string[],
  interval: CandleInterval,
): SourceOpener<EncodedMessage> {
  return (wake) => {
    const waiting = new Map<string, Candle>();
    const waitingMax = candleQueueMax * symbols.length;
    const put = (candle: Candle | undefined) => {
      if (candle?.interval !== interval) return;
      waiting.set(`${candle.symbol} ${candle.startMs}`, candle);
      if (waiting.size > waitingMax) waiting.delete(waiting.keys().next().value as string);
      wake();
    };
    const putRunning = () => {
      for (const symbol of symbols) put(view.get(symbol)?.running.get(interval));
    };
    const subscription = view.listeners.add(symbols, { candleChanged: put, rebuilt: putRunning });
    putRunning();
    return {
      take() {
        for (const [key, candle] of waiting) {
          waiting.delete(key);
          const symbolView = view.get(candle.symbol);
          if (symbolView !== undefined) return encodedCandle(view, symbolView, candle);
        }
        return undefined;
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}
