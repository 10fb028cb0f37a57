import type { Saga } from '../deps.ts';
import { isImmediate, isPassing, type Order } from '../domain/order.ts';
import { carryOutCancel } from './cancel-order.ts';
import { compensateOrder } from './compensate-order.ts';
import { refuseOrder } from './refuse.ts';
import { untilKnown } from './retry-until-outcome.ts';
import { waitForOutcome } from './wait-for-outcome.ts';

const stepAttemptsMax = 5;

/**
 * Takes a passing order to the book, from whatever state it is in, and returns it with its outcome. Any number of executors may
 * drive one order: its steps are compare-and-set and its calls are keyed. Throws when the outcome is not known in time; the
 * order is kept and the sweeper goes on.
 */
export async function driveOrder(saga: Saga, order: Order, deadlineTimeMs: number): Promise<Order> {
  const untilTimeMs = isImmediate(order)
    ? Math.min(deadlineTimeMs, order.createTimeMs + saga.limits.immediateAgeMaxMs)
    : deadlineTimeMs;
  let current = order;
  if (current.state === 'intent') {
    const { refusal } = await untilKnown(untilTimeMs, () => saga.holds.submit(order));
    if (refusal !== undefined) return refuseOrder(saga, current, 'intent', refusal);
    current = await stepToSubmitting(saga, current);
  }
  if (current.state === 'submitting') return submit(saga, current, untilTimeMs);
  return waitForOutcome(saga, current, deadlineTimeMs);
}

async function stepToSubmitting(saga: Saga, order: Order): Promise<Order> {
  let current = order;
  for (let attempt = 0; attempt < stepAttemptsMax && current.state === 'intent'; attempt += 1) {
    const taken = await saga.steps.submit({ order: current, to: 'submitting' });
    if (taken) return { ...current, state: 'submitting', version: current.version + 1 };
    // A cancel was recorded, or somebody else took the order on.
    current = (await saga.reads.submit(order.orderId)) ?? current;
  }
  return current;
}

async function submit(saga: Saga, order: Order, deadlineTimeMs: number): Promise<Order> {
  const answer = await untilKnown(deadlineTimeMs, () => saga.exchange.submit(order)).catch(async (error: unknown) => {
    // The answer was lost; the feed may have told the outcome all the same, and it outranks any answer.
    const told = await saga.reads.submit(order.orderId);
    if (told === undefined || isPassing(told)) throw error;
    return told;
  });
  if ('orderId' in answer) return answer;
  const { refusal, feedSequence } = answer;
  // The book does not know the symbol: no event will ever tell of this order, so it is taken back here.
  if (refusal !== undefined && feedSequence === 0n) return compensateOrder(saga, order, refusal);
  const waitMs = Math.min(saga.limits.feedWaitMs, deadlineTimeMs - Date.now());
  await saga.hub.waitForPosition(order.shard, feedSequence, waitMs);
  const now = (await saga.reads.submit(order.orderId)) ?? order;
  if (!isPassing(now)) {
    if (now.state === 'open' && now.cancelRequested) void carryOutCancel(saga, now);
    return now;
  }
  // Somebody else is taking it back; how that ends is the one answer.
  if (now.state === 'compensating') return waitForOutcome(saga, now, deadlineTimeMs);
  // The follower is behind: the exchange's own answer is told, and the feed will tell the rest.
  return { ...now, state: refusal ? 'rejected' : 'open', refusal };
}
