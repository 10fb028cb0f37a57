import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { TradeNews } from '../../view/listeners.ts';
import type { MarketView } from '../../view/market-view.ts';
import { encodedGap, positionOf } from './encoded.ts';

/** Trades that wait for one reader; beyond it the oldest is dropped and counted. */
const tradeQueueMax = 1_000;

/**
 * Trades from now on. A reader that falls further behind than `queueMax` gets a gap with the number of missed trades in their place;
 * after a rebuild of the view it gets a gap of an unknown number (0).
 */
export function tradeSource(
  view: MarketView,
  symbols: readonly string[],
  queueMax: number = tradeQueueMax,
): SourceOpener<EncodedMessage> {
  return (wake) => {
    const waiting: TradeNews[] = [];
    let missedCount = 0n;
    let isHistoryLost = false;
    const subscription = view.listeners.add(symbols, {
      traded(news) {
        waiting.push(news);
        if (waiting.length > queueMax) {
          waiting.shift();
          missedCount += 1n;
        }
        wake();
      },
      rebuilt() {
        isHistoryLost = true;
        wake();
      },
    });
    return {
      take() {
        if (missedCount > 0n) {
          const gap = encodedGap(positionOf(view, symbols[0]), missedCount);
          missedCount = 0n;
          return gap;
        }
        const next = waiting.shift();
        if (next !== undefined) return next.encoded();
        if (!isHistoryLost) return undefined;
        isHistoryLost = false;
        return encodedGap(positionOf(view, symbols[0]), 0n);
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}
