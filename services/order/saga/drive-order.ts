import { deadlineExceeded, unavailable } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import { applyAnswer } from '../domain/apply-answer.ts';
import { isImmediate, notSubmittedInTime, type Order } from '../domain/order.ts';
import { isPending } from '../domain/order-state.ts';
import { type CallTime, sendUntilMs } from './call-time.ts';
import { compensateOrder } from './compensate-order.ts';
import { isTransient, retryUntilOutcome } from './retry-until-outcome.ts';
import { waitWhilePending } from './steps.ts';

/** What the book, or the ledger before it, says of an order: the order as it is stored then, or the exchange's answer to its Submit. */
type Sent = { order: Order } | { answer: ExchangeAnswer };

/**
 * Takes a pending order to its outcome, from the state that it is in:
 *
 *   intent        PlaceHolds: refused -> rejected; held -> Submit
 *   submitting    Submit, as the releases before recorded that the hold was taken
 *   both          Submit: the exchange's answer is the outcome; without a book for the symbol -> compensating
 *   compensating  another executor compensates it: wait for its outcome
 *
 * Any number of executors may drive an order that may rest: steps are compare-and-set and calls are keyed. Throws when its outcome is not
 * known in time; it is stored, and the sweeper drives it on. An immediate order is driven for its caller alone, and compensated as soon as
 * the caller's time is over. See domain/order-state.ts for what follows when the process dies.
 */
export async function driveOrder(deps: OrderDeps, order: Order, time: CallTime): Promise<Order> {
  if (order.state === 'compensating') return waitForOutcome(deps, order, time);
  const sent = isImmediate(order) ? await sendInTime(deps, order, time) : await sendToRest(deps, order, time);
  if ('order' in sent) return decided(deps, sent.order, time);
  const { answer } = sent;
  // Without a book for the symbol there will be no event of this order, so this service ends it.
  if (answer.refusal !== undefined && answer.feedSequence === 0n) {
    return decided(deps, await compensateOrder(deps, order, answer.refusal), time);
  }
  return outcomeOfSubmit(deps, order, answer, time);
}

/** The order once it is no longer pending. Throws DEADLINE_EXCEEDED shortly before the deadline. */
export async function waitForOutcome(deps: OrderDeps, order: Order, time: CallTime): Promise<Order> {
  const outcome = await waitWhilePending(deps, order, time.leftMs);
  if (isPending(outcome)) throw deadlineExceeded(undefined, 'the order is stored; ask for its outcome by its key');
  return outcome;
}

/** Places the hold, then submits; both again while their outcome is unknown, and neither once the time is over. */
async function sendToBook(deps: OrderDeps, order: Order, time: CallTime): Promise<Sent> {
  if (order.state === 'intent') {
    const { refusal } = await retryUntilOutcome(time, () => deps.holds.place(order, time));
    if (refusal !== undefined) return { order: await deps.refuseOrder.enqueue({ order, from: 'intent', refusal }) };
  }
  try {
    return { answer: await retryUntilOutcome(time, () => deps.exchange.submit(order, time)) };
  } catch (error) {
    // The answer is lost; the feed may have brought the outcome, which outranks any answer.
    const current = await deps.readOrder.load(order.orderId);
    if (current === undefined || isPending(current)) throw error;
    return { order: current };
  }
}

/** The same for an order that may rest: it stays stored whatever is wrong with a call, so its caller never gets a refusal for that. */
async function sendToRest(deps: OrderDeps, order: Order, time: CallTime): Promise<Sent> {
  try {
    return await sendToBook(deps, order, time);
  } catch (error) {
    if (isTransient(error)) throw error;
    deps.logger.error({ error, orderId: order.orderId }, 'an order could not be sent');
    throw unavailable(undefined, 'the order is stored; ask for its outcome by its key');
  }
}

/**
 * The same for an order that is for the market of its own moment. The exchange does not take it after the time, so what is still under way
 * then cannot trade later; its outcome is found out by its compensation, which ends what did not reach the book.
 */
async function sendInTime(deps: OrderDeps, order: Order, time: CallTime): Promise<Sent> {
  const inTime = time.forTheMoment(sendUntilMs(deps, order));
  try {
    return await sendToBook(deps, order, inTime);
  } catch (error) {
    if (!isTransient(error)) deps.logger.error({ error, orderId: order.orderId }, 'an order could not be sent');
    return { order: await compensateOrder(deps, order, notSubmittedInTime) };
  }
}

/** The order as the exchange has answered; as it is stored where another executor has voided it, or where the answer leaves its fills open. */
function outcomeOfSubmit(
  deps: OrderDeps,
  order: Order,
  answer: ExchangeAnswer,
  time: CallTime,
): Order | Promise<Order> {
  const isVoided = answer.refusal?.reason === 'ORDER_VOIDED';
  const outcome = isVoided ? undefined : applyAnswer(order, answer);
  return outcome ?? waitForOutcome(deps, order, time);
}

function decided(deps: OrderDeps, order: Order, time: CallTime): Order | Promise<Order> {
  return isPending(order) ? waitForOutcome(deps, order, time) : order;
}
