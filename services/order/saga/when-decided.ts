import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { isDecided } from '../domain/order-state.ts';
import { waitUntilDecided } from './steps.ts';

const waitMsMax = 1_000;
const answerMarginMs = 100;

/**
 * A stored order as its owner may read it. PlaceOrder answers as soon as the exchange does, before the feed has brought the same into the
 * table: a read that finds the order pending there, or being changed, waits for the feed, so that every replica shows what any of them has answered. One whose
 * outcome is not known within a second is returned as it is.
 */
export async function whenDecided(
  deps: OrderDeps,
  order: Order,
  { deadlineTimeMs }: Pick<CallContext, 'deadlineTimeMs'>,
): Promise<Order> {
  if (isDecided(order)) return order;
  return waitUntilDecided(deps, order, Math.min(waitMsMax, deadlineTimeMs - deps.nowMs() - answerMarginMs));
}

/** What `read` gives, read again once each of its orders that was pending is decided, or a second later. */
export async function readDecided<T>(
  deps: OrderDeps,
  context: Pick<CallContext, 'deadlineTimeMs'>,
  read: () => Promise<T>,
  ordersOf: (found: T) => Order[],
): Promise<T> {
  const found = await read();
  const pending = ordersOf(found).filter((order) => !isDecided(order));
  if (pending.length === 0) return found;
  await Promise.all(pending.map((order) => whenDecided(deps, order, context)));
  return read();
}
