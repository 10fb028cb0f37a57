/** What is read and stored of a list as a whole while it is on its way. */
import type { OrderDeps } from '../deps.ts';
import { putOrder } from '../domain/change-set.ts';
import { isListPending, type ListLegs, toListLegs } from '../domain/list-legs.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { refuse } from '../domain/transitions.ts';
import { endedEvents } from '../events/published.ts';
import { changeOrders } from '../store/change-orders.ts';

/** The orders of the list as they are stored now. */
export async function readAgain({ readOrder }: Pick<OrderDeps, 'readOrder'>, legs: ListLegs): Promise<ListLegs> {
  const found = await Promise.all(legs.map((leg) => readOrder.load(leg.orderId)));
  return toListLegs(found.map((order, index) => order ?? (legs[index] as Order)));
}

/** The list once the outcome of all its orders is known, or as it is after `timeoutMs`. */
export async function waitWhileListPending(deps: OrderDeps, legs: ListLegs, timeoutMs: number): Promise<ListLegs> {
  if (!isListPending(legs)) return legs;
  let latest = legs;
  const read = async () => {
    latest = await readAgain(deps, legs);
    return isListPending(latest) ? undefined : latest;
  };
  return (await deps.changes.waitFor(legs[0].accountId, read, { timeoutMs })) ?? latest;
}

/** Rejects all orders of a list in one transaction, unless one of them has left the state. Returns the list as it is then. */
export async function refuseList(
  deps: Pick<OrderDeps, 'db' | 'clock'>,
  legs: ListLegs,
  { from, refusal }: { from: 'intent' | 'compensating'; refusal: Refusal },
): Promise<ListLegs> {
  const changed = await changeOrders(deps.db, [...legs], (set) => {
    const found = legs.map(({ orderId }) => set.orders.get(orderId));
    const rejected = found.map((order) => order && refuse(order, from, refusal));
    if (rejected.some((order) => order === undefined)) return [];
    const ended = rejected.flatMap((order) => (order ? putOrder(set, order, { timeMs: deps.clock.nowMs() }) : []));
    return ended.filter(({ house }) => !house).flatMap(endedEvents);
  });
  return toListLegs(changed.map((order, index) => order ?? (legs[index] as Order)));
}
