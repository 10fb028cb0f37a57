/** The listeners of changes, by symbol. */
import type { Trade } from '#gen/outcry/market/v1/market_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { Candle } from '../domain/candle.ts';

/** A trade: its message, and the bytes that every stream sends, made once and only when a stream does. */
export type TradeNews = { trade: Trade; sequence: bigint; encoded: () => EncodedMessage };

/** The callbacks of a listener for its symbols. They must not throw and must return at once. */
export type MarketListener = {
  /** The quote changed. */
  quoteChanged?(symbol: string): void;
  /** A level of the book changed. */
  depthChanged?(symbol: string): void;
  traded?(news: TradeNews): void;
  candleChanged?(candle: Candle): void;
  /** The view was rebuilt from a snapshot: anything may have changed, and history may have been lost. */
  rebuilt?(): void;
};

/** All listeners. */
export type Listeners = {
  /** Listens to these symbols until disposed. */
  add(symbols: readonly string[], listener: MarketListener): Disposable;
  /** Listens to every symbol, also those that are listed later, until disposed. */
  addToAll(listener: MarketListener): Disposable;
  of(symbol: string): Iterable<MarketListener>;
};

/** No listeners yet. */
export function createListeners(): Listeners {
  const bySymbol = new Map<string, Set<MarketListener>>();
  const toAll = new Set<MarketListener>();
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
    addToAll(listener) {
      toAll.add(listener);
      return { [Symbol.dispose]: () => void toAll.delete(listener) };
    },
    *of(symbol) {
      yield* bySymbol.get(symbol) ?? [];
      yield* toAll;
    },
  };
}
