/** Queries of a book: best order, priority, public levels, admissible prices. */
import { quantityMax, Side } from '../../engine/model/codes.ts';
import type { ReferenceBook, ReferenceLevel, ReferenceOrder, ReferenceState } from './reference-state.ts';

/** The price of the last trade; before the first trade that of the listing; 0: none. */
export function referencePrice(book: ReferenceBook): number {
  return book.lastPrice || book.listedPrice;
}

/** Whether `a` has priority over `b` of the same side: by price, then time (R1). */
function isBetter(a: ReferenceOrder, b: ReferenceOrder): boolean {
  if (a.priceTicks === b.priceTicks) return a.priority < b.priority;
  return a.side === Side.BUY ? a.priceTicks > b.priceTicks : a.priceTicks < b.priceTicks;
}

/** The resting order of a side that trades first. */
export function bestOrder(book: ReferenceBook, side: Side): ReferenceOrder | undefined {
  let best: ReferenceOrder | undefined;
  for (const order of book.orders) {
    if (order.where !== 'resting' || order.side !== side) continue;
    if (!best || isBetter(order, best)) best = order;
  }
  return best;
}

/** The resting orders of a side in the order in which they would trade. */
export function restingOrders(book: ReferenceBook, side: Side): ReferenceOrder[] {
  const orders = book.orders.filter((order) => order.where === 'resting' && order.side === side);
  return orders.sort((a, b) => (isBetter(a, b) ? -1 : 1));
}

/** All live orders of a book in the order of a mass cancel (R9): bids, asks, then waiting orders by time priority. */
export function massCancelOrder(book: ReferenceBook): ReferenceOrder[] {
  const waiting = book.orders.filter(({ where }) => where !== 'resting').sort((a, b) => a.priority - b.priority);
  return [...restingOrders(book, Side.BUY), ...restingOrders(book, Side.SELL), ...waiting];
}

/** The opposite side. */
export function otherSide(side: Side): Side {
  return side === Side.BUY ? Side.SELL : Side.BUY;
}

/** Whether an order of a side with a limit may trade at a price. */
export function reaches(side: Side, limit: number, price: number): boolean {
  return side === Side.BUY ? price <= limit : price >= limit;
}

/** Whether an order of a side with a limit is marketable. */
export function isMarketable(book: ReferenceBook, side: Side, limit: number): boolean {
  const best = bestOrder(book, otherSide(side));
  return best !== undefined && reaches(side, limit, best.priceTicks);
}

/** Public lots of a resting order. */
export function shownLots(order: ReferenceOrder): number {
  return order.displayLots > 0 ? order.sliceLots : order.openLots;
}

/** The prices within `bps` basis points of a price, ends included (R11, R24). */
export function pricesAround(price: number, bps: number): { low: number; high: number } {
  const low = Math.ceil((price * (10_000 - bps)) / 10_000);
  const high = Math.floor((price * (10_000 + bps)) / 10_000);
  return { low: Math.max(1, low), high: Math.min(quantityMax, high) };
}

/** The range of prices within the book's band. */
export function bandOf(book: ReferenceBook): { low: number; high: number } {
  const reference = referencePrice(book);
  if (book.listing.bandBps === 0 || reference === 0) return { low: 1, high: quantityMax };
  return pricesAround(reference, book.listing.bandBps);
}

/** Whether a price is within the band. */
export function isInBand(book: ReferenceBook, price: number): boolean {
  const { low, high } = bandOf(book);
  return price >= low && price <= high;
}

/** The nearer to the market of a limit and the far edge of the band (R11). */
export function nearerLimit(book: ReferenceBook, side: Side, limit: number): number {
  const { low, high } = bandOf(book);
  return side === Side.BUY ? Math.min(limit, high) : Math.max(limit, low);
}

/** Whether a trade at a price would trip the breaker with this reference price (0: none). */
export function trips(book: ReferenceBook, breakerPrice: number, price: number): boolean {
  if (book.listing.breakerBps === 0 || breakerPrice === 0) return false;
  const { low, high } = pricesAround(breakerPrice, book.listing.breakerBps);
  return price < low || price > high;
}

/** Emits each level that has changed since the last call (R15): bids before asks, best price first. */
export function emitLevels(state: ReferenceState, book: ReferenceBook): void {
  const levels = levelsOf(book);
  const changed: ReferenceLevel[] = [];
  for (const [key, level] of levels) {
    const before = book.emittedLevels.get(key);
    const same = before?.quantityLots === level.quantityLots && before.orderCount === level.orderCount;
    if (!same) changed.push(level);
  }
  for (const [key, level] of book.emittedLevels) {
    if (!levels.has(key)) changed.push({ ...level, quantityLots: 0, orderCount: 0 });
  }
  book.emittedLevels = levels;
  changed.sort(
    (a, b) => a.side - b.side || (a.side === Side.BUY ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks),
  );
  for (const level of changed) state.events.push({ kind: 'levelChanged', symbol: book.listing.symbol, ...level });
}

function levelsOf(book: ReferenceBook): Map<number, ReferenceLevel> {
  const levels = new Map<number, ReferenceLevel>();
  for (const order of book.orders) {
    if (order.where !== 'resting') continue;
    const { side, priceTicks } = order;
    const key = priceTicks * 2 + (side - 1);
    const level = levels.get(key);
    if (level) {
      level.quantityLots += shownLots(order);
      level.orderCount++;
    } else {
      levels.set(key, { side, priceTicks, quantityLots: shownLots(order), orderCount: 1 });
    }
  }
  return levels;
}
