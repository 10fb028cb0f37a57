/** Lists of own orders and fills: how changes are put into them. */
import { type Fill, type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';

const endedMax = 10_000;
const fillsMax = 10_000;
const finalStatuses: readonly OrderStatus[] = [OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED];

/** Whether an order has ended. */
export function isFinal({ status }: Pick<Order, 'status'>): boolean {
  return finalStatuses.includes(status);
}

/** Whether `next` is at least as new as `known`. The answer of PlaceOrder has version 0, and a cancel that is under way is not taken back. */
function isLater(known: Order | undefined, next: Order): boolean {
  if (known === undefined) return true;
  if (isFinal(known)) return isFinal(next) && next.version >= known.version;
  if (isFinal(next)) return true;
  return next.version > known.version || (next.version === known.version && next.cancelRequested);
}

/** The orders with these changes; the newest change comes last. At most 10,000. */
export function withOrders(known: ReadonlyMap<string, Order>, changes: readonly Order[]): ReadonlyMap<string, Order> {
  const later = changes.filter((order) => isLater(known.get(order.orderId), order));
  if (later.length === 0) return known;
  const next = new Map(known);
  for (const order of later) {
    next.delete(order.orderId);
    next.set(order.orderId, order);
  }
  for (const [id, order] of next) {
    if (next.size <= endedMax) break;
    if (isFinal(order)) next.delete(id);
  }
  return next;
}

/** The fills with these in front, which come oldest first; each once. At most 10,000. */
export function withFills(known: readonly Fill[], added: readonly Fill[]): readonly Fill[] {
  if (added.length === 0) return known;
  const keys = new Set(known.map(keyOf));
  const fresh = added.filter((fill) => !keys.has(keyOf(fill)) && keys.add(keyOf(fill)));
  return [...fresh.reverse(), ...known].slice(0, fillsMax);
}

// A person may have both sides of a trade.
function keyOf({ tradeId, orderId }: Fill): string {
  return `${tradeId} ${orderId}`;
}
