import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import { putOrder } from '../domain/change-set.ts';
import { type Order, statusOf } from '../domain/order.ts';
import { isFinal, isPending } from '../domain/order-state.ts';
import { changeOrders, type OrderRef } from '../store/change-orders.ts';
import { CallTime } from './call-time.ts';
import { isTransient, retryUntilOutcome } from './retry-until-outcome.ts';
import { waitWhilePending } from './steps.ts';

const outcomeWaitMaxMs = 5_000;
const answerMarginMs = 200;

/**
 * Cancels an order and returns it as it is then. The request to cancel a pending order is recorded first, and sent to the exchange once the
 * outcome is known. Throws ORDER_ALREADY_FINAL, unless the order was cancelled on request: then a repeat gets the same answer.
 */
export async function cancelOrder(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<Order> {
  const known = isPending(order) ? await cancelPending(deps, order, deadlineTimeMs) : order;
  if (isFinal(known)) return cancelledOnRequest(known);
  if (isPending(known)) return known;
  const feedSequence = await cancelOpen(deps, known, deadlineTimeMs);
  const feedWaitMs = Math.min(deps.limits.feedWaitMs, deadlineTimeMs - deps.nowMs());
  await deps.changes.waitForPosition(known.shard, feedSequence, feedWaitMs);
  const current = (await deps.readOrder.load(known.orderId)) ?? known;
  return isFinal(current) ? cancelledOnRequest(current) : current;
}

/** Records the request, and waits for the outcome of the order. */
async function cancelPending(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<Order> {
  const [requested] = await requestCancels(deps, [order]);
  const outcomeWaitMs = Math.min(outcomeWaitMaxMs, deadlineTimeMs - deps.nowMs() - answerMarginMs);
  return waitWhilePending(deps, requested ?? order, outcomeWaitMs);
}

/** Sends the cancel, and returns the position of the feed that has its effect. A request whose outcome stays unknown is left to the sweeper. */
async function cancelOpen(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<bigint> {
  try {
    const time = new CallTime(deps, { deadlineTimeMs });
    return (await retryUntilOutcome(time, () => deps.exchange.cancel(order, time))).feedSequence;
  } catch (error) {
    if (isTransient(error)) await requestCancels(deps, [order]).catch(() => undefined);
    throw error;
  }
}

/** Records the request to cancel these orders, in one transaction; final ones do not change. */
export function requestCancels(deps: OrderDeps, refs: OrderRef[]): Promise<(Order | undefined)[]> {
  return changeOrders(deps.db, refs, (set) => {
    for (const order of [...set.orders.values()]) {
      if (isFinal(order) || order.cancelRequested) continue;
      putOrder(set, { ...order, cancelRequested: true }, { timeMs: deps.clock.nowMs() });
    }
    return [];
  });
}

/**
 * Sends the cancel of an open order to the exchange; resolves to whether the exchange has it. Never rejects: the sweeper repeats a cancel that
 * failed.
 */
export async function sendCancel(deps: OrderDeps, order: Order): Promise<boolean> {
  try {
    await deps.exchange.cancel(order);
    return true;
  } catch (error) {
    if (!isTransient(error)) deps.logger.error({ error, orderId: order.orderId }, 'a cancel could not be sent');
    return false;
  }
}

function cancelledOnRequest(order: Order): Order {
  if (order.state === 'cancelled' && order.cancelRequested) return order;
  const status = statusOf(order).toUpperCase();
  throw refused(ErrorReason.ORDER_ALREADY_FINAL, 'the order is filled, cancelled or rejected already', { status });
}
