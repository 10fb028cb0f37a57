import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { type Batcher, createBatcher } from '#platform/batch/batcher.ts';
import { PRICE_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketPrices } from '../domain/protection-price.ts';
import type { Clients } from './clients.ts';

/** Prices that limit market orders. */
export type Quotes = AsyncDisposable & {
  /** The instrument's prices, at most 100 ms old. */
  pricesOf(instrument: Instrument): Promise<MarketPrices>;
};

const ageMaxMs = 100;
const symbolsMax = 100;

/** Reads quotes in groups and caches each for 100 ms; the cache has at most one entry an instrument. */
export function createQuotes(options: { market: Clients['market']; metrics?: Metrics }): Quotes {
  const { market, metrics } = options;
  const cache = new Map<string, { quote: Quote; readTimeMs: number }>();
  const reads: Batcher<string, Quote> = createBatcher({
    name: 'order_quotes',
    itemsMax: symbolsMax,
    queueLengthMax: 10_000,
    metrics,
    flush: async (symbols) => {
      const unique = [...new Set(symbols)];
      const { quotes } = await market.listQuotes({ symbols: unique }, { timeoutMs: 1_000 });
      const bySymbol = new Map(quotes.map((quote) => [quote.symbol, quote]));
      return symbols.map((symbol) => bySymbol.get(symbol) as Quote);
    },
  });
  return {
    async pricesOf(instrument) {
      const cached = cache.get(instrument.symbol);
      if (cached && performance.now() - cached.readTimeMs < ageMaxMs) return toPrices(instrument, cached.quote);
      const readTimeMs = performance.now();
      const quote = await reads.submit(instrument.symbol);
      if (quote !== undefined) cache.set(instrument.symbol, { quote, readTimeMs });
      return toPrices(instrument, quote);
    },
    [Symbol.asyncDispose]: () => reads[Symbol.asyncDispose](),
  };
}

function toPrices(instrument: Instrument, quote: Quote | undefined): MarketPrices {
  const ticks = (price: string | undefined) =>
    price ? parseDecimal(price, PRICE_SCALE) / instrument.tickMicros : undefined;
  return {
    bidTicks: ticks(quote?.bidPrice),
    askTicks: ticks(quote?.askPrice),
    lastTicks: ticks(quote?.lastPrice),
    halted: quote?.state === TradingState.HALTED,
  };
}
