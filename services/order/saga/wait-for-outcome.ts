import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import type { Saga } from '../deps.ts';
import { isPassing, type Order } from '../domain/order.ts';

/** The order once it is passing no more. Throws DEADLINE_EXCEEDED shortly before the deadline. */
export async function waitForOutcome(saga: Saga, order: Order, deadlineTimeMs: number): Promise<Order> {
  if (!isPassing(order)) return order;
  const look = async () => {
    const now = await saga.reads.submit(order.orderId);
    return now && !isPassing(now) ? now : undefined;
  };
  const known = await saga.hub.waitFor(order.accountId, look, { timeoutMs: deadlineTimeMs - Date.now() - 100 });
  if (known === undefined) throw deadlineExceeded(undefined, 'the order is kept; ask for its outcome by its key');
  return known;
}
