import { enqueueEvents } from '#platform/bus/outbox.ts';
import type { Saga } from '../deps.ts';
import { putOrder } from '../domain/change-set.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { refuse } from '../domain/transitions.ts';
import { endedEvents } from '../events/published.ts';
import { changeOrders } from '../store/change-orders.ts';

/** Ends an order that the exchange never had. One that has left the state `from` meanwhile is returned as it is. */
export async function refuseOrder(
  saga: Saga,
  order: Order,
  from: 'intent' | 'compensating',
  refusal: Refusal,
): Promise<Order> {
  const [now] = await changeOrders(saga.db, [order], async (set, tx) => {
    const found = set.orders.get(order.orderId);
    const refused = found && refuse(found, from, refusal);
    if (refused === undefined) return;
    await enqueueEvents(tx, endedEvents(putOrder(set, refused, { nowMs: Date.now() })));
  });
  return now ?? order;
}
