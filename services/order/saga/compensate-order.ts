import { releaseHolds } from '../clients/ledger-holds.ts';
import type { Saga } from '../deps.ts';
import { isPassing, type Order, type Refusal } from '../domain/order.ts';
import { refuseOrder } from './refuse.ts';

/** Why an order that nobody finished in time ends. */
export const notSubmittedInTime: Refusal = { reason: 'ORDER_NOT_SUBMITTED_IN_TIME', metadata: {} };

/** Refusals of a void after which the exchange will never take the order: any other leaves its hold standing. */
const deadForEver = new Set(['ORDER_VOIDED', 'ORDER_ID_EXPIRED', 'SYMBOL_UNKNOWN']);

const feedWaitMs = 2_000;

/**
 * Takes an order back: voids it, then releases its hold, and only then fails it, so that a delayed Submit can trade no more.
 * Before the release the feed must have been applied up to the void: if the exchange had the order after all, the feed says so,
 * and the hold is then for the ledger to settle and release, not for us. Returns the order as it is then; it may still be
 * compensating, and the sweeper comes back to it.
 */
export async function compensateOrder(saga: Saga, order: Order, refusal: Refusal): Promise<Order> {
  const claimed = await claim(saga, order);
  if (claimed.state !== 'compensating') return claimed;
  const voided = await saga.exchange.void(claimed);
  const applied = await saga.hub.waitForPosition(order.shard, voided.feedSequence, feedWaitMs);
  const now = (await saga.reads.submit(order.orderId)) ?? claimed;
  if (!applied || now.state !== 'compensating') return now;
  if (voided.refusal !== undefined && !deadForEver.has(voided.refusal.reason)) {
    saga.logger.warn({ orderId: order.orderId, reason: voided.refusal.reason }, 'an order cannot be voided yet');
    return now;
  }
  await releaseHolds(saga.clients.ledger, [order.orderId]);
  return refuseOrder(saga, now, 'compensating', refusal);
}

async function claim(saga: Saga, order: Order): Promise<Order> {
  let current = order;
  for (let attempt = 0; attempt < 5 && isPassing(current) && current.state !== 'compensating'; attempt += 1) {
    const taken = await saga.steps.submit({ order: current, to: 'compensating' });
    if (taken) return { ...current, state: 'compensating', version: current.version + 1 };
    current = (await saga.reads.submit(order.orderId)) ?? current;
  }
  return current;
}
