/** Admission: the checks of an order before it enters its book (R34). */
import { none, OrderType, quantityMax, Reason, Side, TimeInForce, TradingState } from '../model/codes.ts';
import type { Book } from './book.ts';
import { mayRest } from './enter.ts';
import { isFillable } from './fillable.ts';
import { levelPriceOffset } from './level-table.ts';
import type { MatchingState } from './matching-state.ts';
import type { NewOrder } from './new-order.ts';
import { trailingMax, trailingOf } from './trailing-stops.ts';

/** Greatest number of live orders. */
export const liveMax = 4_000_000;

/** The first reason to reject an order that enters now; Reason.NONE: it is admitted. */
export function refuse(state: MatchingState, book: Book, newOrder: NewOrder): Reason {
  if (isPlainNow(book, newOrder) && state.orders.count < liveMax) return Reason.NONE;
  const reason = refuseTerms(state, book, newOrder);
  if (reason !== Reason.NONE) return reason;
  const { timeInForce, side } = newOrder;
  if (mayRest(timeInForce)) {
    if (state.orders.count >= liveMax) return Reason.BOOK_FULL;
    const trails = newOrder.type === OrderType.TRAILING_STOP;
    if (trails && trailingOf(book, side).count >= trailingMax) return Reason.BOOK_FULL;
  }
  if (newOrder.postOnly && slidPrice(state, book, newOrder) === none) return Reason.POST_ONLY_WOULD_TRADE;
  if (
    timeInForce === TimeInForce.FOK &&
    newOrder.type === OrderType.LIMIT &&
    !wouldFill(state, book, newOrder, newOrder.quantity)
  ) {
    return Reason.FILL_OR_KILL_UNFILLED;
  }
  if (newOrder.minimum > 0 && !wouldFill(state, book, newOrder, newOrder.minimum))
    return Reason.MINIMUM_QUANTITY_UNFILLED;
  return Reason.NONE;
}

/** The first reason that does not depend on the moment of entry. Stores the reason's numbers in the state. */
export function refuseTerms(state: MatchingState, book: Book, newOrder: NewOrder): Reason {
  const closed = refuseState(state, book);
  if (closed !== Reason.NONE) return closed;
  const { timeInForce, type } = newOrder;
  if (book.state !== TradingState.CONTINUOUS || timeInForce >= TimeInForce.AT_OPEN) {
    if (!isTakenNow(book, newOrder)) return refuseNow(state, book);
  }
  if (newOrder.session !== '') {
    const session = state.sessions.byName.get(newOrder.session);
    if (session === undefined || session.account !== newOrder.account) return Reason.SESSION_UNKNOWN;
  }
  if (newOrder.expireTimeMs !== 0 && newOrder.expireTimeMs <= state.nowMs) return Reason.EXPIRE_TIME_PAST;
  if ((type === OrderType.LIMIT || type === OrderType.ICEBERG) && isOutOfBand(book, newOrder)) {
    state.detailA = book.bandLow;
    state.detailB = book.bandHigh;
    return Reason.PRICE_OUT_OF_BAND;
  }
  return type === OrderType.TRAILING_STOP && book.reference === 0 ? Reason.NO_REFERENCE_PRICE : Reason.NONE;
}

/** Moves the price of an order that stays within the band to the band's edge, if it lies beyond it (R11). */
export function clipToBand(book: Book, newOrder: NewOrder): void {
  if (!newOrder.withinBand) return;
  const { side, price } = newOrder;
  newOrder.price = side === Side.BUY ? Math.min(price, book.bandHigh) : Math.max(price, book.bandLow);
}

/** Why a book in its state accepts no order at all; Reason.NONE: it accepts some. */
export function refuseState(state: MatchingState, book: Book): Reason {
  if (book.state === TradingState.HALTED) return Reason.INSTRUMENT_HALTED;
  const closed = book.state === TradingState.CLOSED || book.state === TradingState.DELISTED;
  return closed ? refuseNow(state, book) : Reason.NONE;
}

/**
 * The price at which a post-only order would rest: its own if it is not marketable, with `slide` one tick from the best opposite price;
 * `none` if it would trade.
 */
export function slidPrice(
  state: MatchingState,
  book: Book,
  order: { side: number; price: number; slide: boolean },
): number {
  const opposite = book.opposite(order.side as Side);
  if (opposite.bestKey < opposite.keyOf(order.price)) return order.price;
  if (!order.slide) return none;
  const best = state.levels.words[opposite.bestLevel + levelPriceOffset]!;
  const price = order.side === 1 ? best - 1 : best + 1;
  return price < 1 || price > quantityMax || book.outOfBand(price) ? none : price;
}

// The common case: no check below applies.
function isPlainNow(book: Book, newOrder: NewOrder): boolean {
  if (book.state !== TradingState.CONTINUOUS || newOrder.type !== OrderType.LIMIT || newOrder.postOnly) return false;
  if (newOrder.timeInForce > TimeInForce.IOC || newOrder.expireTimeMs !== 0) return false;
  return newOrder.minimum === 0 && newOrder.session === '' && !isOutOfBand(book, newOrder);
}

// One that stays within the band is never beyond it; what is left of its limit decides what it trades.
function isOutOfBand(book: Book, { price, withinBand }: NewOrder): boolean {
  return !withinBand && book.outOfBand(price);
}

function isTakenNow(book: Book, { timeInForce, postOnly, minimum }: NewOrder): boolean {
  if (timeInForce === TimeInForce.AT_OPEN) {
    return book.state === TradingState.PRE_OPEN || book.state === TradingState.OPENING_AUCTION;
  }
  if (book.state === TradingState.CONTINUOUS) return true;
  return mayRest(timeInForce) && !postOnly && minimum === 0;
}

function refuseNow(state: MatchingState, book: Book): Reason {
  state.detailA = book.state;
  return Reason.INSTRUMENT_NOT_TRADING;
}

const incoming = { side: 1 as Side, priceTicks: 0, group: 0, selfTrade: 0, valueMax: 0 };

function wouldFill(state: MatchingState, book: Book, newOrder: NewOrder, lots: number): boolean {
  incoming.side = newOrder.side as Side;
  incoming.priceTicks = newOrder.price;
  incoming.group = newOrder.group;
  incoming.selfTrade = newOrder.selfTrade;
  incoming.valueMax = newOrder.valueMax;
  return isFillable(state, book, incoming, lots);
}
