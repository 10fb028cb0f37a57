import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import { applyAnswer } from '../domain/apply-answer.ts';
import { isImmediate, type Order } from '../domain/order.ts';
import { isPending } from '../domain/order-state.ts';
import { compensateOrder } from './compensate-order.ts';
import { retryUntilOutcome } from './retry-until-outcome.ts';
import { waitWhilePending } from './steps.ts';

// An answer a little before the caller's deadline still reaches the caller, with its reason.
const answerMarginMs = 100;

/**
 * Takes a pending order to its outcome, from the state that it is in:
 *
 *   intent        PlaceHolds: refused -> rejected; held -> Submit
 *   submitting    Submit, as the releases before recorded that the hold was taken
 *   both          Submit: the exchange's answer is the outcome; without a book for the symbol -> compensating
 *   compensating  another executor compensates it: wait for its outcome
 *
 * Any number of executors may drive one order: steps are compare-and-set and calls are keyed. Throws when the outcome is not known in
 * time; the order is stored, and the sweeper drives it on. See domain/order-state.ts for what follows when the process dies.
 */
export async function driveOrder(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<Order> {
  const immediateDeadlineMs = order.createTimeMs + deps.limits.immediateAgeMaxMs;
  const stepDeadlineMs = isImmediate(order) ? Math.min(deadlineTimeMs, immediateDeadlineMs) : deadlineTimeMs;
  if (order.state === 'intent') {
    const { refusal } = await retryUntilOutcome(deps, stepDeadlineMs, () => deps.holds.place(order));
    if (refusal !== undefined) return deps.refuseOrder.enqueue({ order, from: 'intent', refusal });
  }
  if (order.state === 'compensating') return waitForOutcome(deps, order, deadlineTimeMs);
  return submitOrder(deps, order, stepDeadlineMs);
}

/** The order once it is no longer pending. Throws DEADLINE_EXCEEDED shortly before the deadline. */
export async function waitForOutcome(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<Order> {
  const outcome = await waitWhilePending(deps, order, deadlineTimeMs - deps.nowMs() - answerMarginMs);
  if (isPending(outcome)) throw deadlineExceeded(undefined, 'the order is stored; ask for its outcome by its key');
  return outcome;
}

async function submitOrder(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<Order> {
  let answer: ExchangeAnswer;
  try {
    answer = await retryUntilOutcome(deps, deadlineTimeMs, () => deps.exchange.submit(order));
  } catch (error) {
    // The answer is lost; the feed may have brought the outcome, which outranks any answer.
    const current = await deps.readOrder.load(order.orderId);
    if (current === undefined || isPending(current)) throw error;
    return current;
  }
  // Without a book for the symbol there will be no event of this order, so this service ends it.
  if (answer.refusal !== undefined && answer.feedSequence === 0n) return compensateOrder(deps, order, answer.refusal);
  return outcomeOfSubmit(deps, order, answer, deadlineTimeMs);
}

/** The order as the exchange has answered; as it is stored where another executor has voided it, or where the answer leaves its fills open. */
function outcomeOfSubmit(
  deps: OrderDeps,
  order: Order,
  answer: ExchangeAnswer,
  deadlineTimeMs: number,
): Order | Promise<Order> {
  const isVoided = answer.refusal?.reason === 'ORDER_VOIDED';
  const outcome = isVoided ? undefined : applyAnswer(order, answer);
  return outcome ?? waitForOutcome(deps, order, deadlineTimeMs);
}
