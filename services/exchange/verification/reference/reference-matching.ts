/** The entry of an order (R1-R7, R20, R24): it waits, or trades and then rests or is cancelled. */
import {
  CancelReason,
  quantityMax,
  SelfTrade,
  Side,
  StateCause,
  TimeInForce,
  TradingState,
} from '../../engine/model/codes.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { bestOrder, isInBand, isMarketable, otherSide, reaches, shownLots, trips } from './reference-book.ts';
import { applyTradeToList, cancelOrder, emitReplaced, finish, rest, takeLots } from './reference-changes.ts';
import { tradesWhole } from './reference-counting.ts';
import { nextPriority, type ReferenceBook, type ReferenceOrder, type ReferenceState } from './reference-state.ts';
import { isStopType, requeueElected, showPriceToStops, waitAsStop } from './reference-stops.ts';

/** Carries out an order that is in no queue: a stop waits, others enter. */
export function arrive(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  order.where = 'arriving';
  if (isStopType(order)) {
    waitAsStop(state, book, order);
    return;
  }
  slide(state, book, order);
  enterOrWait(state, book, order);
}

/** Carries out an order that is not a waiting stop: an at-close order waits for its auction, others enter. */
export function enterOrWait(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  if (order.timeInForce !== TimeInForce.AT_CLOSE || book.state === TradingState.CLOSING_AUCTION) {
    enter(state, book, order);
    return;
  }
  order.where = 'atClose';
  order.priority = nextPriority(state);
}

/** Matches an order if the book trades, and rests or cancels the remainder. */
export function enter(state: ReferenceState, book: ReferenceBook, taker: ReferenceOrder): void {
  taker.where = 'arriving';
  const isWhole = taker.timeInForce !== TimeInForce.FOK || tradesWhole(book, taker);
  if (isWhole) match(state, book, taker);
  if (taker.status !== 'live') return;
  if (mayRest(taker)) rest(state, taker);
  else cancelOrder(state, taker, CancelReason.IMMEDIATE);
}

/** The price to which a post-only order slides from a price that would trade; 0 if there is none (R6). */
export function slidPrice(book: ReferenceBook, side: Side, price: number): number {
  if (!isMarketable(book, side, price)) return price;
  const best = (bestOrder(book, otherSide(side)) as ReferenceOrder).priceTicks;
  const slid = side === Side.BUY ? best - 1 : best + 1;
  return slid >= 1 && slid <= quantityMax && isInBand(book, slid) ? slid : 0;
}

/** Trades two orders with each other and updates their lists. */
export function trade(
  state: ReferenceState,
  book: ReferenceBook,
  pair: { maker: ReferenceOrder; taker: ReferenceOrder },
  terms: { priceTicks: number; quantityLots: number; auction: boolean },
): void {
  const { symbol } = book.listing;
  const [maker, taker] = [pair.maker, pair.taker].map((order) => {
    order.openLots -= terms.quantityLots;
    order.tradedLots += terms.quantityLots;
    order.tradedValue += BigInt(terms.quantityLots) * BigInt(terms.priceTicks);
    if (order.openLots === 0) finish(state, order, 'filled');
    const { orderId, accountId, side, openLots } = order;
    return { orderId, accountId, side, remainingLots: openLots };
  }) as [Traded, Traded];
  const { priceTicks, quantityLots, auction } = terms;
  state.events.push({ kind: 'traded', symbol, priceTicks, quantityLots, maker, taker, auction });
  book.lastPrice = priceTicks;
  if (book.breakerPrice === 0) book.breakerPrice = priceTicks;
  if (!auction) showPriceToStops(book, priceTicks);
  for (const order of [pair.maker, pair.taker]) applyTradeToList(state, book, order, quantityLots);
}

/** Prevents a trade of two orders of one group, by the mode of the arriving one (R7). */
export function preventSelfTrade(state: ReferenceState, maker: ReferenceOrder, taker: ReferenceOrder): void {
  const mode = taker.selfTrade;
  const lots = Math.min(maker.openLots, taker.openLots);
  for (const order of [maker, taker]) {
    if (order.status !== 'live') continue;
    if (mode === SelfTrade.DECREMENT) {
      if (order.openLots > lots) takeLots(state, order, lots);
      else cancelOrder(state, order, CancelReason.SELF_TRADE);
    } else if (mode === SelfTrade.CANCEL_BOTH || (mode === SelfTrade.CANCEL_OLDEST) === (order === maker)) {
      cancelOrder(state, order, CancelReason.SELF_TRADE);
    }
  }
}

type Traded = { orderId: string; accountId: string; side: Side; remainingLots: number };

function match(state: ReferenceState, book: ReferenceBook, taker: ReferenceOrder): void {
  while (taker.status === 'live' && book.state === TradingState.CONTINUOUS) {
    const maker = bestOrder(book, otherSide(taker.side));
    if (!maker || !reaches(taker.side, taker.priceTicks, maker.priceTicks)) return;
    const { priceTicks } = maker;
    const mostLots = lotsOfValue(taker, priceTicks);
    if (mostLots === 0) return;
    if (maker.group === taker.group) {
      preventSelfTrade(state, maker, taker);
    } else if (trips(book, book.breakerPrice, priceTicks)) {
      haltByBreaker(state, book);
    } else {
      const quantityLots = Math.min(shownLots(maker), taker.openLots, mostLots);
      maker.sliceLots = Math.max(0, maker.sliceLots - quantityLots);
      trade(state, book, { maker, taker }, { priceTicks, quantityLots, auction: false });
      refresh(state, maker);
      endIfSpent(state, book, taker, priceTicks);
    }
  }
}

// R36: the lots that what is left of its value buys at a price.
function lotsOfValue({ valueMax, tradedValue }: ReferenceOrder, priceTicks: number): number {
  if (valueMax === 0) return quantityMax;
  return Number((BigInt(valueMax) - tradedValue) / BigInt(priceTicks));
}

// R36: an order by value is filled by the trade after which its value buys no lot where it would trade next.
function endIfSpent(state: ReferenceState, book: ReferenceBook, taker: ReferenceOrder, lastPrice: number): void {
  if (taker.valueMax === 0 || taker.status !== 'live') return;
  const next = bestOrder(book, otherSide(taker.side));
  const isWithin = next !== undefined && reaches(taker.side, taker.priceTicks, next.priceTicks);
  if (lotsOfValue(taker, isWithin ? next.priceTicks : lastPrice) > 0) return;
  finish(state, taker, 'filled');
  const index = state.events.findLastIndex(({ kind }) => kind === 'traded');
  const event = state.events[index] as EngineEvent & { kind: 'traded' };
  state.events[index] = { ...event, taker: { ...event.taker, remainingLots: 0 } };
  taker.finalSequence = state.sequence + index + 1;
}

function refresh(state: ReferenceState, maker: ReferenceOrder): void {
  if (maker.status !== 'live' || maker.displayLots === 0 || maker.sliceLots > 0) return;
  rest(state, maker);
  const { symbol, orderId, accountId, sliceLots } = maker;
  state.events.push({ kind: 'refreshed', symbol, orderId, accountId, shownLots: sliceLots });
}

function haltByBreaker(state: ReferenceState, book: ReferenceBook): void {
  const { symbol, breakerHaltMs } = book.listing;
  book.state = TradingState.HALTED;
  book.timerMs = state.nowMs + breakerHaltMs;
  state.events.push({ kind: 'stateChanged', symbol, state: book.state, cause: StateCause.BREAKER });
  requeueElected(book);
}

function slide(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  if (!order.postOnly || !order.slide || book.state !== TradingState.CONTINUOUS) return;
  const slid = slidPrice(book, order.side, order.priceTicks);
  if (slid === order.priceTicks) return;
  order.priceTicks = slid;
  emitReplaced(state, order, '', false);
}

function mayRest({ timeInForce }: ReferenceOrder): boolean {
  return timeInForce !== TimeInForce.IOC && timeInForce !== TimeInForce.FOK;
}
