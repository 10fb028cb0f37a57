import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import type { ExchangeAnswer } from '../clients/exchange-commands.ts';
import type { OrderDeps } from '../deps.ts';
import { isImmediate, type Order } from '../domain/order.ts';
import { isPending, moveTo } from '../domain/order-state.ts';
import { sendCancel } from './cancel-order.ts';
import { compensateOrder } from './compensate-order.ts';
import { retryUntilOutcome } from './retry-until-outcome.ts';
import { refuseOrder, stepTo, waitWhilePending } from './steps.ts';

// An answer a little before the caller's deadline still reaches the caller, with its reason.
const answerMarginMs = 100;

/**
 * Takes a pending order to its outcome, from the state that it is in:
 *
 *   intent        PlaceHolds: refused -> rejected; held -> submitting
 *   submitting    Submit: the feed opens, fills or rejects the order; without a book for the symbol -> compensating
 *   compensating  another executor compensates it: wait for its outcome
 *
 * Any number of executors may drive one order: steps are compare-and-set and calls are keyed. Throws when the outcome is not known in
 * time; the order is stored, and the sweeper drives it on. See domain/order-state.ts for what follows when the process dies.
 */
export async function driveOrder(deps: OrderDeps, order: Order, deadlineTimeMs: number): Promise<Order> {
  const immediateDeadlineMs = order.createTimeMs + deps.limits.immediateAgeMaxMs;
  const stepDeadlineMs = isImmediate(order) ? Math.min(deadlineTimeMs, immediateDeadlineMs) : deadlineTimeMs;
  let current = order;
  if (current.state === 'intent') {
    const { refusal } = await retryUntilOutcome(deps, stepDeadlineMs, () => deps.holds.place(order));
    if (refusal !== undefined) return refuseOrder(deps, current, 'intent', refusal);
    current = await stepTo(deps, current, 'submitting');
  }
  if (current.state === 'submitting') return submitOrder(deps, current, stepDeadlineMs);
  return waitForOutcome(deps, current, deadlineTimeMs);
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

/** The order as the feed has changed it; as the exchange has answered when this service's consumer of the feed is behind. */
async function outcomeOfSubmit(
  deps: OrderDeps,
  order: Order,
  { refusal, feedSequence }: ExchangeAnswer,
  deadlineTimeMs: number,
): Promise<Order> {
  const waitMs = Math.min(deps.limits.feedWaitMs, deadlineTimeMs - deps.nowMs());
  await deps.changes.waitForPosition(order.shard, feedSequence, waitMs);
  const current = (await deps.readOrder.load(order.orderId)) ?? order;
  if (current.state === 'open' && current.cancelRequested) void sendCancel(deps, current);
  if (!isPending(current)) return current;
  // Another executor compensates it: only its outcome is the answer.
  if (current.state === 'compensating') return waitForOutcome(deps, current, deadlineTimeMs);
  return { ...moveTo(current, refusal ? 'rejected' : 'open', 'feed'), refusal };
}
