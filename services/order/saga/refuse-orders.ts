import type { Database } from '#platform/postgres/sql.ts';
import { putOrder } from '../domain/change-set.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { refuse } from '../domain/transitions.ts';
import { endedEvents } from '../events/published.ts';
import { changeOrders } from '../store/change-orders.ts';

/** An order that the exchange never had, the state from which it is rejected, and why. */
export type RefusedOrder = { order: Order; from: 'intent' | 'compensating'; refusal: Refusal };

/** Rejects a group of orders in one transaction and returns them as they are then; one that has left its state is returned as it is. */
export async function refuseOrders(db: Database, refused: RefusedOrder[], nowMs: number): Promise<Order[]> {
  const orders = refused.map(({ order }) => order);
  const changed = await changeOrders(db, orders, (set) => {
    const ended: Order[] = [];
    for (const { order, from, refusal } of refused) {
      const found = set.orders.get(order.orderId);
      const rejected = found && refuse(found, from, refusal);
      if (rejected !== undefined) ended.push(putOrder(set, rejected, { timeMs: nowMs }));
    }
    return ended.filter(({ house }) => !house).flatMap(endedEvents);
  });
  return changed.map((order, index) => order ?? (orders[index] as Order));
}
