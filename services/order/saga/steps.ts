/** The steps by which this service moves an order itself. All transitions and states: domain/order-state.ts. */
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { canMove, isDecided, isPending, moveTo } from '../domain/order-state.ts';
import type { Step } from '../store/take-steps.ts';

const stepAttemptsMax = 5;

/**
 * Moves an order to `to` by compare-and-set on its version, and reads it again when it has changed: another executor has moved it, or a
 * cancel was recorded. Returns the order as it is then, which is not in `to` when its state does not lead there any more.
 */
export async function stepTo(deps: OrderDeps, order: Order, to: Step['to']): Promise<Order> {
  let current = order;
  for (let attempt = 0; attempt < stepAttemptsMax && canMove(current, to, 'saga'); attempt += 1) {
    const next = moveTo(current, to, 'saga');
    const isTaken = await deps.takeStep.enqueue({ order: current, to });
    if (isTaken) return { ...next, version: current.version + 1 };
    current = (await deps.readOrder.load(order.orderId)) ?? current;
  }
  return current;
}

/** The order once it is no longer pending, or as it is after `timeoutMs`. */
export function waitWhilePending(deps: OrderDeps, order: Order, timeoutMs: number): Promise<Order> {
  return waitUntil(deps, order, { isReady: (current) => !isPending(current), timeoutMs });
}

/** The order once it is neither pending nor being changed, or as it is after `timeoutMs`. */
export function waitUntilDecided(deps: OrderDeps, order: Order, timeoutMs: number): Promise<Order> {
  return waitUntil(deps, order, { isReady: isDecided, timeoutMs });
}

async function waitUntil(
  deps: OrderDeps,
  order: Order,
  { isReady, timeoutMs }: { isReady: (order: Order) => boolean; timeoutMs: number },
): Promise<Order> {
  if (isReady(order)) return order;
  let latest = order;
  const read = async () => {
    latest = (await deps.readOrder.load(order.orderId)) ?? latest;
    return isReady(latest) ? latest : undefined;
  };
  return (await deps.changes.waitFor(order.accountId, read, { timeoutMs })) ?? latest;
}
