/** The newest quote of every instrument, held in memory. */
import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Performance } from '../domain/movers.ts';

/** The performance of an instrument, and its quote. */
export type BoardEntry = Performance & { name: string; quote: Quote };

/** The board; bounded by the number of instruments. */
export type QuoteBoard = {
  /** Sets the names of all instruments, by symbol. */
  setNames(names: ReadonlyMap<string, string>): void;
  /** Stores quotes and notifies listeners once. */
  put(quotes: readonly Quote[], epoch: string): void;
  entries(): BoardEntry[];
  /** Epoch of the newest quote, and the greatest sequence of all. */
  position(): { epoch: string; sequence: bigint };
  /** Rises with each change. */
  version(): number;
  /** Calls at each change until disposed; must return at once. */
  onChange(listener: () => void): Disposable;
};

/** A board without quotes. */
export function createQuoteBoard(): QuoteBoard {
  let names: ReadonlyMap<string, string> = new Map();
  const entries = new Map<string, BoardEntry>();
  const listeners = new Set<() => void>();
  let epoch = '';
  let version = 0;
  return {
    setNames(given) {
      names = given;
    },
    put(quotes, quoteEpoch) {
      for (const quote of quotes) entries.set(quote.symbol, entryOf(quote, names.get(quote.symbol) ?? ''));
      epoch = quoteEpoch;
      version += 1;
      for (const listener of listeners) listener();
    },
    entries: () => [...entries.values()],
    position() {
      let sequence = 0n;
      for (const { quote } of entries.values()) if (quote.sequence > sequence) sequence = quote.sequence;
      return { epoch, sequence };
    },
    version: () => version,
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

function entryOf(quote: Quote, name: string): BoardEntry {
  const price = (text: string) => (text === '' ? undefined : parseDecimal(text, PRICE_SCALE));
  return {
    symbol: quote.symbol,
    name,
    last: price(quote.lastPrice),
    reference: price(quote.referencePrice),
    volume: quote.volume === '' ? 0n : parseDecimal(quote.volume, QUANTITY_SCALE),
    quote,
  };
}
