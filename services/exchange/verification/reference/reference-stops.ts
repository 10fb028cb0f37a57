/** Stop orders (R17-R19): their election, its order, and the moves of trailing stops. */
import { OrderType, quantityMax, Side, TradingState } from '../../engine/model/codes.ts';
import { referencePrice } from './reference-book.ts';
import { nextPriority, type ReferenceBook, type ReferenceOrder, type ReferenceState } from './reference-state.ts';

/** Whether an order type is a stop. */
export function isStopType({ type }: { type: OrderType }): boolean {
  return type === OrderType.STOP || type === OrderType.STOP_LIMIT || type === OrderType.TRAILING_STOP;
}

/** Whether an order waits as a stop, elected ones included. */
export function waitsAsStop({ where }: ReferenceOrder): boolean {
  return where === 'stop' || where === 'elected';
}

/** Queues a stop behind all others; it is elected at once if the reference price reaches it. */
export function waitAsStop(state: ReferenceState, book: ReferenceBook, order: ReferenceOrder): void {
  order.where = 'stop';
  order.priority = nextPriority(state);
  const reference = referencePrice(book);
  if (order.type === OrderType.TRAILING_STOP && order.followedPrice === 0) {
    order.followedPrice = reference;
    order.stopPriceTicks = trailingStopPrice(order);
  }
  if (reference !== 0 && book.state === TradingState.CONTINUOUS && isReached(order, reference)) {
    elect(book, order, reference);
  }
}

/** Effects of a trade in continuous trading on the stops: trailing ones move first, then reached ones are elected. */
export function showPriceToStops(book: ReferenceBook, price: number): void {
  for (const order of book.orders) {
    if (order.where === 'stop' && order.type === OrderType.TRAILING_STOP) follow(order, price);
  }
  const reached = book.orders.filter((order) => order.where === 'stop' && isReached(order, price));
  const byPlace = (a: ReferenceOrder, b: ReferenceOrder) => a.priority - b.priority;
  const buys = reached.filter(({ side }) => side === Side.BUY);
  const sells = reached.filter(({ side }) => side === Side.SELL);
  buys.sort((a, b) => a.stopPriceTicks - b.stopPriceTicks || byPlace(a, b));
  sells.sort((a, b) => b.stopPriceTicks - a.stopPriceTicks || byPlace(a, b));
  for (const order of [...buys, ...sells]) elect(book, order, price);
}

/** Queues elected stops again with their old priorities. */
export function requeueElected(book: ReferenceBook): void {
  for (const order of book.elected) {
    if (order.where === 'elected') order.where = 'stop';
  }
  book.elected = [];
}

/** The stop price of a trailing stop by the price that it follows, limited to 0 to 2^31 - 1. */
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
