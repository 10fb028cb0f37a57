/** Who is told when something changes. */
import type { Trade } from '#gen/outcry/market/v1/market_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { Candle } from '../domain/candle.ts';

/** A trade as news: its message, and the bytes that every stream sends, made once and only when one does. */
export type TradeNews = { trade: Trade; encoded: () => EncodedMessage };

/** What a listener wants to hear about its symbols. Listeners must not throw and must return at once. */
export type MarketListener = {
  /** The quote changed. */
  quoteChanged?(symbol: string): void;
  /** A level of the book changed. */
  depthChanged?(symbol: string): void;
  traded?(news: TradeNews): void;
  candleChanged?(candle: Candle): void;
  /** The view was built anew: anything may have changed, and history may have been lost. */
  rebuilt?(): void;
};

/** The listeners of all symbols. */
export type Listeners = {
  /** Listens to these symbols until disposed. */
  add(symbols: readonly string[], listener: MarketListener): Disposable;
  of(symbol: string): Iterable<MarketListener>;
};

/** No listeners yet. */
export function createListeners(): Listeners {
  const bySymbol = new Map<string, Set<MarketListener>>();
  return {
    add(symbols, listener) {
      for (const symbol of symbols) {
        const listeners = bySymbol.get(symbol) ?? new Set();
        bySymbol.set(symbol, listeners.add(listener));
      }
      return {
        [Symbol.dispose]() {
          for (const symbol of symbols) {
            const listeners = bySymbol.get(symbol);
            listeners?.delete(listener);
            if (listeners?.size === 0) bySymbol.delete(symbol);
          }
        },
      };
    },
    of: (symbol) => bySymbol.get(symbol) ?? [],
  };
}
