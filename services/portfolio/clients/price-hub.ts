/** Last prices for all valuation streams of this process: each symbol is followed once, and only while a stream holds it. */
import type { MarketService, Quote } from '#gen/outcry/market/v1/market_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { lastPriceOf } from './fetch-prices.ts';
import { createQuoteStreams } from './quote-streams.ts';

/** What one stream follows. Dispose to stop. */
export type PriceSubscription = Disposable & {
  /** Follows exactly these symbols from now on. */
  follow(symbols: readonly string[]): void;
  /** Whether the market has sent a quote of the symbol yet. */
  isKnown(symbol: string): boolean;
  /** The last price in millionths of the currency; undefined when there is none. */
  lastPrice(symbol: string): bigint | undefined;
};

/** The shared subscription. */
export type PriceHub = AsyncDisposable & {
  /** `onChange` is called whenever a last price among the followed symbols becomes known or changes. */
  subscribe(onChange: () => void): PriceSubscription;
  /** Symbols that are followed. */
  symbolCount(): number;
  /** Streams that are open at the market. */
  streamCount(): number;
};

/** How the hub reaches the market. */
export type PriceHubOptions = {
  market: Pick<RpcClient<typeof MarketService>, 'streamQuotes'>;
  logger: Logger;
  /** Changes of the followed symbols are gathered for this time before streams are opened anew; default 20 ms. */
  gatherMs?: number;
  /** Default 30 s. */
  stallTimeoutMs?: number;
};

/** A hub that follows nothing. */
export function createPriceHub(options: PriceHubOptions): PriceHub {
  const { market, logger, gatherMs = 20, stallTimeoutMs = 30_000 } = options;
  const watchers = new Map<string, Set<() => void>>();
  const prices = new Map<string, bigint | undefined>();
  const onQuote = (quote: Quote) => {
    const interested = watchers.get(quote.symbol);
    const price = lastPriceOf(quote);
    if (interested === undefined || (prices.has(quote.symbol) && prices.get(quote.symbol) === price)) return;
    prices.set(quote.symbol, price);
    for (const onChange of interested) onChange();
  };
  const streams = createQuoteStreams({ market, logger, stallTimeoutMs, onQuote });
  let timer: Timer | undefined;
  const scheduleFollow = () => {
    timer ??= startTimer(gatherMs, () => {
      timer = undefined;
      streams.follow(new Set(watchers.keys()));
    });
  };
  const leave = (symbol: string, onChange: () => void) => {
    const interested = watchers.get(symbol);
    if (!interested?.delete(onChange) || interested.size > 0) return;
    watchers.delete(symbol);
    // A price that is not followed grows stale; the next subscription gets a fresh one.
    prices.delete(symbol);
    scheduleFollow();
  };

  return {
    subscribe(notify) {
      // A function of its own for each subscription: the same callback may be given twice.
      const onChange = () => notify();
      let followed: ReadonlySet<string> = new Set();
      const follow = (symbols: ReadonlySet<string>) => {
        for (const symbol of followed) if (!symbols.has(symbol)) leave(symbol, onChange);
        for (const symbol of symbols) {
          if (followed.has(symbol)) continue;
          if (!watchers.has(symbol)) scheduleFollow();
          watchers.set(symbol, (watchers.get(symbol) ?? new Set()).add(onChange));
        }
        followed = symbols;
      };
      return {
        follow: (symbols) => follow(new Set(symbols)),
        isKnown: (symbol) => prices.has(symbol),
        lastPrice: (symbol) => prices.get(symbol),
        [Symbol.dispose]: () => follow(new Set()),
      };
    },
    symbolCount: () => watchers.size,
    streamCount: () => streams.count(),
    async [Symbol.asyncDispose]() {
      timer?.[Symbol.dispose]();
      await streams.close();
    },
  };
}
