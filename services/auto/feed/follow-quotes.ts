/** The last prices of a changing set of symbols, from as few quote streams as the contract allows. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { MarketService, Quote, StreamQuotesResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Last prices, and the set of symbols that they are followed for. */
export type QuoteFollower = AsyncDisposable & {
  /** Last prices in millionths, of the symbols whose stream is open. */
  prices: ReadonlyMap<string, bigint>;
  /** Follows these symbols, and perhaps some of earlier calls. */
  watch(symbols: string[]): void;
};

const symbolsPerStreamMax = 100;

/** A follower that follows nothing yet. */
export function createQuoteFollower(options: {
  market: Pick<RpcClient<typeof MarketService>, 'streamQuotes'>;
  logger: Logger;
  metrics: Metrics;
}): QuoteFollower {
  const prices = new Map<string, bigint>();
  // Symbols that the market does not list: one of them would refuse the whole stream.
  const unlisted = new Set<string>();
  let watched = new Set<string>();
  let stop = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  const begin = (symbols: string[]) => {
    stop.abort();
    stop = new AbortController();
    watched = new Set(symbols);
    prices.clear();
    const streams = chunk(symbols).map((part) =>
      follow({ ...options, symbols: part, prices, unlisted, signal: stop.signal }),
    );
    running = Promise.all([running, ...streams]);
  };
  return {
    prices,
    watch(wanted) {
      const symbols = wanted.filter((symbol) => !unlisted.has(symbol));
      const isNew = symbols.some((symbol) => !watched.has(symbol));
      const isRefused = [...watched].some((symbol) => unlisted.has(symbol));
      if (isNew || isRefused || (symbols.length === 0 && watched.size > 0)) begin(symbols);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      prices.clear();
    },
  };
}

type Stream = Parameters<typeof createQuoteFollower>[0] & {
  symbols: string[];
  prices: Map<string, bigint>;
  unlisted: Set<string>;
  signal: AbortSignal;
};

async function follow({ market, symbols, prices, unlisted, signal, logger, metrics }: Stream): Promise<void> {
  const dropPrices = () => {
    // Another stream may follow the same symbols by now.
    if (!signal.aborted) for (const symbol of symbols) prices.delete(symbol);
  };
  await followFeed<StreamQuotesResponse>({
    name: 'market.quotes',
    // Nothing is resumed: the stream begins with all quotes.
    loadPosition: async () => 0n,
    open: async function* (_after, streamSignal) {
      try {
        yield* market.streamQuotes({ symbols }, { signal: streamSignal });
      } catch (error) {
        const isUnlisted = error instanceof OutcryError && error.reason === ErrorReason.SYMBOL_UNKNOWN;
        if (isUnlisted && error.metadata.symbol !== undefined) unlisted.add(error.metadata.symbol);
        throw error;
      } finally {
        dropPrices();
      }
    },
    apply: async ({ message }) => {
      if (signal.aborted) return;
      if (message.case === 'snapshot') for (const quote of message.value.quotes) setPrice(prices, quote);
      else if (message.case === 'quote') setPrice(prices, message.value);
    },
    signal,
    logger,
    metrics,
  });
}

function setPrice(prices: Map<string, bigint>, { symbol, lastPrice }: Quote): void {
  if (lastPrice !== '') prices.set(symbol, parseDecimal(lastPrice, PRICE_SCALE));
}

function chunk(symbols: string[]): string[][] {
  const count = Math.ceil(symbols.length / symbolsPerStreamMax);
  return Array.from({ length: count }, (_, index) =>
    symbols.slice(index * symbolsPerStreamMax, (index + 1) * symbolsPerStreamMax),
  );
}
