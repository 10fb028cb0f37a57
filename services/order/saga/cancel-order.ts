import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import type { Saga } from '../deps.ts';
import { putOrder } from '../domain/change-set.ts';
import { isFinal, isPassing, type Order, statusOf } from '../domain/order.ts';
import { changeOrders, type OrderRef } from '../store/change-orders.ts';
import { isTransient, untilKnown } from './retry-until-outcome.ts';

const outcomeWaitMaxMs = 5_000;

/**
 * Cancels an order and returns it as far as it is known then. In a passing state the wish is kept and carried out once the
 * outcome is known. Throws ORDER_ALREADY_FINAL, unless it was cancelled on request: then the repeat gets the same answer.
 */
export async function cancelOrder(saga: Saga, order: Order, deadlineTimeMs: number): Promise<Order> {
  if (isFinal(order)) return endedByCancel(order);
  const [requested] = await requestCancels(saga, [order]);
  const known = await outcomeOf(saga, requested ?? order, deadlineTimeMs);
  if (isFinal(known)) return endedByCancel(known);
  if (isPassing(known)) return known;
  const { feedSequence } = await untilKnown(deadlineTimeMs, () => saga.exchange.cancel(known));
  const waitMs = Math.min(saga.limits.feedWaitMs, deadlineTimeMs - Date.now());
  await saga.hub.waitForPosition(known.shard, feedSequence, waitMs);
  const now = (await saga.reads.submit(known.orderId)) ?? known;
  return isFinal(now) ? endedByCancel(now) : now;
}

/** Keeps the wish to cancel these orders, in one transaction; final ones are left alone. */
export function requestCancels(saga: Saga, refs: OrderRef[]): Promise<(Order | undefined)[]> {
  return changeOrders(saga.db, refs, (set) => {
    for (const order of [...set.orders.values()]) {
      if (isFinal(order) || order.cancelRequested) continue;
      putOrder(set, { ...order, cancelRequested: true }, { nowMs: Date.now() });
    }
  });
}

/** Sends the cancel of an open order whose owner asked for it. Never rejects: the sweeper comes back to what failed. */
export async function carryOutCancel(saga: Saga, order: Order): Promise<void> {
  try {
    await saga.exchange.cancel(order);
  } catch (error) {
    if (!isTransient(error)) saga.logger.error({ error, orderId: order.orderId }, 'a cancel could not be carried out');
  }
}

async function outcomeOf(saga: Saga, order: Order, deadlineTimeMs: number): Promise<Order> {
  if (!isPassing(order)) return order;
  let latest = order;
  const look = async () => {
    latest = (await saga.reads.submit(order.orderId)) ?? latest;
    return isPassing(latest) ? undefined : latest;
  };
  const timeoutMs = Math.min(outcomeWaitMaxMs, deadlineTimeMs - Date.now() - 200);
  return (await saga.hub.waitFor(order.accountId, look, { timeoutMs })) ?? latest;
}

function endedByCancel(order: Order): Order {
  if (order.state === 'cancelled' && order.cancelRequested) return order;
  const status = statusOf(order).toUpperCase();
  throw refused(ErrorReason.ORDER_ALREADY_FINAL, 'the order is filled, cancelled or rejected already', { status });
}
