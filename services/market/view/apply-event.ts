/** Applies the events of the exchange's feed to the view. */
import type { Listing } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import {
  type Book,
  type FeedEvent,
  type LevelChanged,
  type OrderTraded,
  StateCause,
  type SymbolSplit,
  type TradingStateChanged,
} from '#gen/outcry/exchange/v1/feed_pb.ts';
import { StreamTradesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import { createBookSide } from '../domain/book-side.ts';
import type { Candle } from '../domain/candle.ts';
import type { Steps } from '../domain/instrument.ts';
import { interruptionDue, interruptionFrom } from '../domain/interruption.ts';
import { encode, tradeOf } from '../rpc/messages/market-messages.ts';
import { bookChecksum, levelChecksum } from './book-checksum.ts';
import type { TradeNews } from './listeners.ts';
import { applyTrade, createSymbolView, type LastTrade, type SymbolView } from './symbol-view.ts';

/** A copy of a book whose checksum is not the exchange's. */
export class BookDiffersError extends Error {
  override name = 'BookDiffersError';
  constructor(symbol: string) {
    super(`the book of ${symbol} differs from the exchange's`);
  }
}

/** The greatest price that the exchange knows: 2^31 - 1. */
const priceTicksMax = 2_147_483_647n;

/** The changes of a run of events. */
export type Changes = {
  quotes: Set<string>;
  depths: Set<string>;
  /** The newest form of each candle, by symbol, interval and start. */
  candles: Map<string, Candle>;
  trades: TradeNews[];
  listed: string[];
};

/** What an event is applied to. */
export type EventTarget = { shard: number; epoch: string; symbols: Map<string, SymbolView>; changes: Changes };

/** Applies one event; events that do not concern the public book are ignored. */
export function applyEvent({ event, symbol, sequence, timeMs }: FeedEvent, target: EventTarget): void {
  const { symbols, shard, changes } = target;
  if (event.case === 'listed') {
    if (event.value.listing !== undefined && !symbols.has(symbol)) {
      symbols.set(symbol, viewOfListing(event.value.listing, { shard, sequence }));
      changes.listed.push(symbol);
      changes.quotes.add(symbol);
    }
    return;
  }
  const view = symbols.get(symbol);
  if (view === undefined) return;
  if (event.case === 'traded') trade(view, event.value, { sequence, timeMs: Number(timeMs) }, target);
  else if (event.case === 'stateChanged') changeState(view, event.value, { sequence, timeMs: Number(timeMs) });
  else if (event.case === 'levelChanged') {
    changeLevel(view, event.value);
    changes.depths.add(symbol);
  } else if (event.case === 'split') view.last = afterSplit(view.last, event.value);
  else return;
  view.sequence = sequence;
  view.timeMs = Number(timeMs);
  changes.quotes.add(symbol);
}

function trade(
  view: SymbolView,
  traded: OrderTraded,
  when: { sequence: bigint; timeMs: number },
  { epoch, changes }: EventTarget,
): void {
  const { tradeId, priceTicks, quantityLots } = traded;
  const takerSide = traded.taker?.side ?? Side.UNSPECIFIED;
  const facts = { symbol: view.symbol, priceTicks, quantityLots, tradeId, takerSide, ...when };
  for (const candle of applyTrade(view, facts)) {
    changes.candles.set(`${candle.symbol} ${candle.interval} ${candle.startMs}`, candle);
  }
  const message = tradeOf(facts, view.steps);
  let encoded: EncodedMessage | undefined;
  const news: TradeNews = {
    trade: message,
    sequence: when.sequence,
    encoded: () => {
      encoded ??= encode(StreamTradesResponseSchema, {
        epoch,
        sequence: when.sequence,
        message: { case: 'trade', value: message },
      });
      return encoded;
    },
  };
  view.trail.add(news);
  changes.trades.push(news);
}

/** Throws BookDiffersError when the book is not the exchange's any more. */
function changeLevel(view: SymbolView, changed: LevelChanged): void {
  const { book } = view;
  const isBid = changed.side === Side.BUY;
  const replaced = (isBid ? view.bids : view.asks).set(changed);
  if (!book.isComplete) {
    book.checksum = changed.bookChecksum;
    return;
  }
  const side = isBid ? 1 : 2;
  const before = replaced === undefined ? 0 : levelChecksum(side, replaced);
  book.checksum = (book.checksum - before + levelChecksum(side, changed)) >>> 0;
  // Events of an early rule version have none.
  if (changed.bookChecksum !== 0 && changed.bookChecksum !== book.checksum) throw new BookDiffersError(view.symbol);
}

function changeState(
  view: SymbolView,
  { state, cause }: TradingStateChanged,
  { sequence, timeMs }: { sequence: bigint; timeMs: number },
): void {
  view.state = state;
  view.auctionEndMs = undefined;
  view.stateSequence = sequence;
  view.stateCause = cause;
  const isReopening = cause === StateCause.TIMER && state === TradingState.OPENING_AUCTION;
  if (cause === StateCause.BREAKER) view.interruption = interruptionFrom(timeMs, view.breaker);
  else if (!isReopening) view.interruption = undefined;
}

// The exchange divides the last trade's price in the same way, so a snapshot has the same price.
function afterSplit(last: LastTrade | undefined, { numerator, denominator }: SymbolSplit): LastTrade | undefined {
  if (last === undefined || numerator === 0) return last;
  const priceTicks = (last.priceTicks * BigInt(denominator)) / BigInt(numerator);
  if (priceTicks < 1n) return { priceTicks: 1n };
  return { priceTicks: priceTicks > priceTicksMax ? priceTicksMax : priceTicks };
}

/** The view of a book of a snapshot; undefined for a book without terms. */
export function viewOfBook(
  book: Book,
  { shard, sequence, earlier }: { shard: number; sequence: bigint; earlier: Map<string, SymbolView> | undefined },
): SymbolView | undefined {
  const { listing, lastPriceTicks, bids, asks, checksum } = book;
  if (listing === undefined) return undefined;
  const fields = {
    ...factsOf(listing),
    shard,
    ...stateOf(book, listing),
    bids: createBookSide('bid', bids),
    asks: createBookSide('ask', asks),
    book: { checksum, isComplete: checksum === bookChecksum(bids, asks) },
    last: lastPriceTicks > 0n ? { priceTicks: lastPriceTicks } : undefined,
    sequence,
  };
  return createSymbolView(fields, earlier?.get(listing.symbol));
}

function viewOfListing(listing: Listing, { shard, sequence }: { shard: number; sequence: bigint }): SymbolView {
  return createSymbolView({
    ...factsOf(listing),
    shard,
    // A book opens in continuous trading; a snapshot or an event has any other state.
    state: TradingState.CONTINUOUS,
    stateCause: StateCause.UNSPECIFIED,
    interruption: undefined,
    bids: createBookSide('bid'),
    asks: createBookSide('ask'),
    book: { checksum: 0, isComplete: true },
    last: undefined,
    sequence,
  });
}

function factsOf(listing: Listing): Pick<SymbolView, 'symbol' | 'steps' | 'listedTicks' | 'breaker'> {
  const { symbol, referencePriceTicks: listedTicks, breakerHaltMs: haltMs, breakerAuctionMs: auctionMs } = listing;
  return { symbol, steps: stepsOf(listing), listedTicks, breaker: { haltMs, auctionMs } };
}

/** The state of a book of a snapshot, and why it has it: by the breaker if that is at work, else by a command. */
function stateOf(
  { state, breakerDueTimeMs }: Book,
  { breakerAuctionMs: auctionMs, breakerHaltMs: haltMs }: Listing,
): Pick<SymbolView, 'state' | 'stateCause' | 'interruption'> {
  if (breakerDueTimeMs === undefined) return { state, stateCause: undefined, interruption: undefined };
  if (breakerDueTimeMs === 0n) return { state, stateCause: StateCause.UNSPECIFIED, interruption: undefined };
  const isHalted = state === TradingState.HALTED;
  const interruption = interruptionDue(Number(breakerDueTimeMs), isHalted, { haltMs, auctionMs });
  return { state, stateCause: isHalted ? StateCause.BREAKER : StateCause.TIMER, interruption };
}

function stepsOf({ tickSize, lotSize }: Listing): Steps {
  return { tickSize: parseDecimal(tickSize, PRICE_SCALE), lotSize: parseDecimal(lotSize, QUANTITY_SCALE) };
}
