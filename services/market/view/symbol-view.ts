/** One book in memory. */
import type { StateCause } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Quote } from '#gen/outcry/market/v1/market_pb.ts';
import type { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import { createTrail, type Trail } from '#platform/stream/trail.ts';
import type { BookSide } from '../domain/book-side.ts';
import { addTrade, type Candle, type CandleInterval, type CandleTrade, candleIntervals } from '../domain/candle.ts';
import { createRecentTrades, type DayBase, emptyDayBase, type RecentTrades } from '../domain/day-statistics.ts';
import type { Steps } from '../domain/instrument.ts';
import type { BreakerTimes, Interruption } from '../domain/interruption.ts';
import type { SymbolHistory } from '../store/read-history.ts';
import type { TradeNews } from './listeners.ts';

/** The most trades of one symbol that are held until the stored candles include them. */
const recentTradesMax = 5_000;
/** The most trades of one symbol that are held for streams that are resumed; the database has the older ones. */
const trailLengthMax = 1_000;

/** The last trade; a snapshot of the books has its price only. */
export type LastTrade = {
  priceTicks: bigint;
  quantityLots?: bigint;
  timeMs?: number;
  tradeId?: string;
  takerSide?: Side;
};

/** A trade that the feed has. */
type FeedTrade = CandleTrade & { tradeId: string; takerSide: Side };

/** One book, changed in place by the feed; after each change `forgetMessages` must be called. */
export type SymbolView = {
  readonly symbol: string;
  readonly shard: number;
  readonly steps: Steps;
  /** Reference price of the listing in ticks; 0: none. */
  readonly listedTicks: bigint;
  readonly breaker: BreakerTimes;
  state: TradingState;
  /** Feed sequence of the last change of state, or of the snapshot that the state came with. */
  stateSequence: bigint;
  /** Why the state was changed last; undefined: not known, as the state came with a snapshot of an earlier release. */
  stateCause: StateCause | undefined;
  /** Set while the circuit breaker has halted the book or reopens it. */
  interruption: Interruption | undefined;
  /** When the auction of a calendar or an operator ends in which the book is, Unix ms; undefined: it is in none, or that is not known yet. */
  auctionEndMs: number | undefined;
  readonly bids: BookSide;
  readonly asks: BookSide;
  /** The checksum of the whole book; complete: both sides have all its levels, so that it is verified at each change. */
  readonly book: { checksum: number; isComplete: boolean };
  last: LastTrade | undefined;
  /** Feed sequence of the last event of this book, or of the snapshot that it came with. */
  sequence: bigint;
  /** When that event was, by the market's clock, Unix ms; undefined: it came with a snapshot. */
  timeMs: number | undefined;
  day: DayBase;
  readonly recent: RecentTrades;
  /** The last trades of this view, for streams that are resumed. */
  readonly trail: Trail<TradeNews>;
  readonly running: Map<CandleInterval, Candle>;
  /** The candle of the last day with a trade before the running one's. */
  previousDay: Candle | undefined;
  /** Messages made from the current state, for all readers. */
  readonly messages: { quote?: QuoteMessages; depths: Map<number, EncodedMessage> };
};

/** The quote as it is answered and, once a stream needs it, as it is sent. */
export type QuoteMessages = { quote: Quote; encoded?: EncodedMessage };

/** The view of a book; `earlier` is the one before a rebuild, whose history remains valid. */
export function createSymbolView(
  fields: Pick<
    SymbolView,
    | ('symbol' | 'shard' | 'steps' | 'listedTicks' | 'breaker' | 'bids' | 'asks' | 'book' | 'last' | 'sequence')
    | ('state' | 'stateCause' | 'interruption')
  >,
  earlier?: SymbolView,
): SymbolView {
  const last = earlier?.last?.priceTicks === fields.last?.priceTicks ? earlier?.last : fields.last;
  return {
    ...fields,
    auctionEndMs: earlier?.state === fields.state ? earlier.auctionEndMs : undefined,
    stateSequence: fields.sequence,
    timeMs: undefined,
    last,
    day: earlier?.day ?? emptyDayBase,
    recent: earlier?.recent ?? createRecentTrades(recentTradesMax),
    trail: createTrail(fields.sequence, trailLengthMax),
    running: earlier?.running ?? new Map(),
    previousDay: earlier?.previousDay,
    messages: { depths: new Map() },
  };
}

/** Drops the messages made from an earlier state. */
export function forgetMessages(view: SymbolView): void {
  view.messages.quote = undefined;
  view.messages.depths.clear();
}

/** Applies a trade. Returns the candles that it changed; a trade that the stored history includes is not counted again. */
export function applyTrade(view: SymbolView, { tradeId, takerSide, ...trade }: FeedTrade): Candle[] {
  view.last = { ...trade, tradeId, takerSide };
  if (trade.sequence <= view.day.throughSequence) return [];
  view.recent.add(trade);
  return candleIntervals.map((interval) => advanceCandle(view, interval, trade));
}

function advanceCandle(view: SymbolView, interval: CandleInterval, trade: CandleTrade): Candle {
  const running = view.running.get(interval);
  const candle = addTrade(running, interval, trade);
  if (interval === '1d' && running !== undefined && candle.startMs > running.startMs) view.previousDay = running;
  view.running.set(interval, candle);
  return candle;
}

/** Applies the stored history as of a feed sequence, and the trades after it on top. */
export function applySymbolHistory(view: SymbolView, history: SymbolHistory, throughSequence: bigint): void {
  const { referenceTicks, volumeLots, candles, previousDay, lastTrade } = history;
  view.day = { throughSequence, referenceTicks, volumeLots };
  view.recent.dropThrough(throughSequence);
  view.running.clear();
  for (const candle of candles) view.running.set(candle.interval, candle);
  view.previousDay = previousDay;
  for (const trade of view.recent.trades) {
    for (const interval of candleIntervals) advanceCandle(view, interval, trade);
  }
  const isSameTrade = view.last?.timeMs === undefined && view.last?.priceTicks === lastTrade?.priceTicks;
  if (isSameTrade) view.last = lastTrade;
  forgetMessages(view);
}
