/** Orders that wait for a price (R17-R19): when they are elected, in which order, and how a trailing one moves. */
import { OrderType, quantityMax, Side, TradingState } from '../../engine/model/codes.ts';
import { referencePrice } from './reference-book.ts';
import { nextPlace, type ReferenceBook, type ReferenceOrder, type ReferenceState } from './reference-state.ts';

/** Whether an order is of a type that waits for a price before it enters. */
export function isStopType({ type }: { type: OrderType }): boolean {
  return type === OrderType.STOP || type === OrderType.STOP_LIMIT || type === OrderType.TRAILING_STOP;
}

/** Whether an order waits as a stop now; one that was elected and did not enter yet does. */
export function waitsAsStop({ where }: ReferenceOrder): boolean {
  return where === 'stop' || where === 'elected';
}

/** Lets an order wait behind all others that wait; the reference elects it at once where it reaches it. */
export function waitAsStop(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  order.where = 'stop';
  order.place = nextPlace(state);
  const reference = referencePrice(book);
  if (order.type === OrderType.TRAILING_STOP && order.followedPrice === 0) {
    order.followedPrice = reference;
    order.stopPriceTicks = trailingStopPrice(order);
  }
  if (reference !== 0 && book.state === TradingState.CONTINUOUS && isReached(order, reference)) {
    elect(book, order, reference);
  }
}

/** What a trade of continuous trading does to the stops: moves the trailing ones first, then elects what it reaches. */
export function showPriceToStops(book: ReferenceBook, price: number): void {
  for (const order of book.orders) {
    if (order.where === 'stop' && order.type === OrderType.TRAILING_STOP) follow(order, price);
  }
  const reached = book.orders.filter((order) => order.where === 'stop' && isReached(order, price));
  const byPlace = (a: ReferenceOrder, b: ReferenceOrder) => a.place - b.place;
  const buys = reached.filter(({ side }) => side === Side.BUY);
  const sells = reached.filter(({ side }) => side === Side.SELL);
  buys.sort((a, b) => a.stopPriceTicks - b.stopPriceTicks || byPlace(a, b));
  sells.sort((a, b) => b.stopPriceTicks - a.stopPriceTicks || byPlace(a, b));
  for (const order of [...buys, ...sells]) elect(book, order, price);
}

/** Lets those that were elected and did not enter wait again, in their old places. */
export function requeueElected(book: ReferenceBook): void {
  for (const order of book.elected) {
    if (order.where === 'elected') order.where = 'stop';
  }
  book.elected = [];
}

/** The stop price of a trailing stop by the price that it follows, kept within 0 and 2^31 - 1. */
export function trailingStopPrice({ side, followedPrice, trailTicks, trailBps }: ReferenceOrder): number {
  const sign = side === Side.BUY ? 1 : -1;
  const round = side === Side.BUY ? Math.ceil : Math.floor;
  const inTicks = followedPrice + sign * trailTicks;
  const price = trailBps > 0 ? round((followedPrice * (10_000 + sign * trailBps)) / 10_000) : inTicks;
  return Math.min(quantityMax, Math.max(0, price));
}

function follow(order: ReferenceOrder, price: number): void {
  const { side, followedPrice } = order;
  order.followedPrice = side === Side.BUY ? Math.min(followedPrice, price) : Math.max(followedPrice, price);
  order.stopPriceTicks = trailingStopPrice(order);
}

function isReached({ side, stopPriceTicks }: ReferenceOrder, price: number): boolean {
  return side === Side.BUY ? price >= stopPriceTicks : price <= stopPriceTicks;
}

function elect(book: ReferenceBook, order: ReferenceOrder, price: number): void {
  order.where = 'elected';
  order.electedPrice = price;
  book.elected.push(order);
}
