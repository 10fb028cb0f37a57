/** Admission of orders (R11, R12, R25, R34). */
import { OrderStatus, OrderType, Reason, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import type { SubmitCommand } from '../../engine/model/commands.ts';
import { bandOf, isInBand, isMarketable, nearerLimit, referencePrice } from './reference-book.ts';
import { tradableLots, tradesWhole } from './reference-counting.ts';
import { slidPrice } from './reference-matching.ts';
import type { ReferenceBook, ReferenceOrder, ReferenceState } from './reference-state.ts';

/** Numbers of a reason; 0 if it has none. */
export type Details = { detailA: number; detailB: number };

const statusCodes: Record<ReferenceOrder['status'], OrderStatus> = {
  live: OrderStatus.LIVE,
  filled: OrderStatus.FILLED,
  cancelled: OrderStatus.CANCELLED,
  rejected: OrderStatus.REJECTED,
  voided: OrderStatus.VOIDED,
};

/** The reason to reject an order, or Reason.NONE. A `pending` one waits for the entry of its list. */
export function refusal(
  state: ReferenceState,
  book: ReferenceBook,
  order: ReferenceOrder,
  terms: SubmitCommand,
  pending: boolean,
): Reason {
  const byState = stateRefusal(book, terms);
  if (byState !== Reason.NONE) return byState;
  if (order.sessionId !== '' && state.sessions.get(order.sessionId)?.accountId !== order.accountId) {
    return Reason.SESSION_UNKNOWN;
  }
  if (order.expireTimeMs !== 0 && order.expireTimeMs <= state.nowMs) return Reason.EXPIRE_TIME_PAST;
  if (order.withinBand) order.priceTicks = nearerLimit(book, order.side, order.priceTicks);
  else if (isBanded(order.type) && !isInBand(book, order.priceTicks)) return Reason.PRICE_OUT_OF_BAND;
  if (order.type === OrderType.TRAILING_STOP && referencePrice(book) === 0) return Reason.NO_REFERENCE_PRICE;
  return pending ? Reason.NONE : refusalAtOnce(book, order, terms);
}

/** The numbers of a reason. */
export function detailsOf(book: ReferenceBook, reason: Reason): Details {
  if (reason === Reason.INSTRUMENT_NOT_TRADING) return { detailA: book.state, detailB: 0 };
  if (reason !== Reason.PRICE_OUT_OF_BAND) return { detailA: 0, detailB: 0 };
  const { low, high } = bandOf(book);
  return { detailA: low, detailB: high };
}

/** The numbers of a reason to reject a replace or cancel. */
export function changeDetailsOf(book: ReferenceBook, order: ReferenceOrder | undefined, reason: Reason): Details {
  if (order && reason === Reason.ORDER_REVISION_STALE) return { detailA: order.revision, detailB: 0 };
  if (order && reason === Reason.ORDER_ALREADY_FINAL) return { detailA: statusCodes[order.status], detailB: 0 };
  return detailsOf(book, reason);
}

/** Whether a book collects orders for an auction. */
export function isCollecting({ state }: ReferenceBook): boolean {
  return (
    state === TradingState.PRE_OPEN || state === TradingState.OPENING_AUCTION || state === TradingState.CLOSING_AUCTION
  );
}

function isBanded(type: OrderType): boolean {
  return type === OrderType.LIMIT || type === OrderType.ICEBERG;
}

function stateRefusal(book: ReferenceBook, { timeInForce, postOnly, minimumLots }: SubmitCommand): Reason {
  if (book.state === TradingState.HALTED) return Reason.INSTRUMENT_HALTED;
  if (book.state !== TradingState.CONTINUOUS && !isCollecting(book)) return Reason.INSTRUMENT_NOT_TRADING;
  const opens = book.state === TradingState.PRE_OPEN || book.state === TradingState.OPENING_AUCTION;
  if (timeInForce === TimeInForce.AT_OPEN && !opens) return Reason.INSTRUMENT_NOT_TRADING;
  const atOnce = timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK || postOnly || minimumLots > 0;
  return isCollecting(book) && atOnce ? Reason.INSTRUMENT_NOT_TRADING : Reason.NONE;
}

function refusalAtOnce(book: ReferenceBook, order: ReferenceOrder, { minimumLots }: SubmitCommand): Reason {
  const { side, priceTicks, timeInForce } = order;
  if (order.postOnly) {
    const refused = order.slide ? slidPrice(book, side, priceTicks) === 0 : isMarketable(book, side, priceTicks);
    if (refused) return Reason.POST_ONLY_WOULD_TRADE;
  }
  if (!isBanded(order.type)) return Reason.NONE;
  if (timeInForce === TimeInForce.FOK && !tradesWhole(book, order)) return Reason.FILL_OR_KILL_UNFILLED;
  if (minimumLots > 0 && tradableLots(book, order) < minimumLots) return Reason.MINIMUM_QUANTITY_UNFILLED;
  return Reason.NONE;
}
