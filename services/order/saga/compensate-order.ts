import type { OrderDeps } from '../deps.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { stepTo } from './steps.ts';

/** Refusals of a void after which the exchange will never accept the order. After any other one the hold stands. */
export const neverAccepted = new Set(['ORDER_VOIDED', 'ORDER_ID_EXPIRED', 'SYMBOL_UNKNOWN']);

const feedWaitMs = 2_000;

/**
 * Ends an order that is not to reach the book: voids it, then releases its hold, and only then rejects it, so that a delayed Submit cannot
 * trade any more. Before the release the feed must have been applied up to the void: if the exchange had accepted the order, the feed
 * moves it out of `compensating`, and the hold is then settled and released by the ledger. Returns the order as it is then; the sweeper
 * repeats what is still compensating.
 */
export async function compensateOrder(deps: OrderDeps, order: Order, refusal: Refusal): Promise<Order> {
  const compensating = await stepTo(deps, order, 'compensating');
  if (compensating.state !== 'compensating') return compensating;
  const voided = await deps.exchange.void(compensating);
  const isApplied = await deps.changes.waitForPosition(order.shard, voided.feedSequence, feedWaitMs);
  const current = (await deps.readOrder.load(order.orderId)) ?? compensating;
  if (!isApplied || current.state !== 'compensating') return current;
  if (voided.refusal !== undefined && !neverAccepted.has(voided.refusal.reason)) {
    deps.logger.warn({ orderId: order.orderId, reason: voided.refusal.reason }, 'an order cannot be voided yet');
    return current;
  }
  await deps.holds.release(order.orderId);
  return deps.refuseOrder.enqueue({ order: current, from: 'compensating', refusal });
}
