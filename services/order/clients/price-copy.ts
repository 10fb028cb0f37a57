/** A copy of the market's terms and prices in memory, fresh by a stream. */
import type { FollowPricesResponse, InstrumentTerms } from '#gen/outcry/market/v1/internal_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import { tickLotMicros } from '#platform/money/grid.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketPrices } from '../domain/protection-price.ts';
import type { Clients } from './clients.ts';

/** The copy; disposing it ends the stream. It has at most one entry a symbol of the market. */
export type PriceCopy = AsyncDisposable & {
  /** The terms, however old the copy is: terms never change. */
  instrument(symbol: string): Instrument | undefined;
  /** The prices as last heard; without any for a symbol that was never traded or quoted. */
  prices(symbol: string): MarketPrices;
  /** Whether the copy has had everything once and the market was heard within the last seconds. */
  isFresh(): boolean;
  /** Resolves when the copy has everything for the first time. */
  readonly complete: Promise<void>;
  /** Resolves when the market is heard next. */
  untilHeard(): Promise<void>;
  /** Adds terms that the stream has not brought. */
  addTerms(terms: readonly InstrumentTerms[]): void;
};

/** How the copy reaches the market. */
export type PriceCopyOptions = {
  market: Pick<Clients['market'], 'followPrices'>;
  logger: Logger;
  metrics?: Metrics;
  /** Silence after which prices are too old to limit an order with; default 3 s. The market is silent for 1 s at most. */
  staleMs?: number;
};

const noPrices: MarketPrices = Object.freeze({
  bidTicks: undefined,
  askTicks: undefined,
  lastTicks: undefined,
  halted: false,
});

/** Begins to follow the market, and goes on until the copy is disposed. */
export function openPriceCopy({ market, logger, metrics, staleMs = 3_000 }: PriceCopyOptions): PriceCopy {
  const instruments = new Map<string, Instrument>();
  const prices = new Map<string, MarketPrices>();
  const complete = Promise.withResolvers<void>();
  const closing = new AbortController();
  let heardTimeMs = Number.NEGATIVE_INFINITY;
  let heard: PromiseWithResolvers<void> | undefined;

  const addTerms = (terms: readonly InstrumentTerms[]) => {
    for (const message of terms) {
      const instrument = toInstrument(message);
      if (instrument !== undefined) instruments.set(message.symbol, instrument);
      else logger.error({ symbol: message.symbol }, 'an instrument cannot be traded: its terms do not fit the ledger');
    }
  };
  const apply = async (message: FollowPricesResponse) => {
    addTerms(message.instruments);
    for (const { symbol, bidTicks, askTicks, lastTicks, state } of message.prices) {
      const halted = state === TradingState.HALTED;
      prices.set(symbol, { bidTicks: known(bidTicks), askTicks: known(askTicks), lastTicks: known(lastTicks), halted });
    }
    // The first messages of a stream are a part of the whole: until they are all there the copy is as old as it was.
    if (!message.complete) return;
    heardTimeMs = performance.now();
    complete.resolve();
    heard?.resolve();
    heard = undefined;
  };
  const following = followFeed<FollowPricesResponse>({
    name: 'market.prices',
    // Nothing is resumed: a stream begins with everything.
    loadPosition: async () => 0n,
    open: (_after, signal) => market.followPrices({}, { signal }),
    apply,
    stallTimeoutMs: staleMs,
    signal: closing.signal,
    logger,
    metrics,
  });
  return {
    instrument: (symbol) => instruments.get(symbol),
    prices: (symbol) => prices.get(symbol) ?? noPrices,
    isFresh: () => performance.now() - heardTimeMs < staleMs,
    complete: complete.promise,
    untilHeard() {
      heard ??= Promise.withResolvers<void>();
      return heard.promise;
    },
    addTerms,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await following;
    },
  };
}

function known(ticks: bigint): bigint | undefined {
  return ticks === 0n ? undefined : ticks;
}

/** The instrument; undefined when a tick of a lot is not a whole number of micros, which the ledger could not book. */
function toInstrument({ symbol, shard, tickMicros, lotMicros, bandBps, referencePriceTicks }: InstrumentTerms) {
  const micros = tickLotMicros(tickMicros, lotMicros);
  if (micros === undefined) return undefined;
  const instrument: Instrument = {
    symbol,
    shard,
    tickMicros,
    lotMicros,
    tickLotMicros: micros,
    bandBps,
    referencePriceTicks,
  };
  return instrument;
}
