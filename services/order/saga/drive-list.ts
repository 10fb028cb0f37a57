import { deadlineExceeded, unavailable } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import { isListImmediate, isListPending, type ListLegs } from '../domain/list-legs.ts';
import { notSubmittedInTime, ownRefusal } from '../domain/order.ts';
import { isPending } from '../domain/order-state.ts';
import { type CallTime, sendUntilMs } from './call-time.ts';
import { compensateList } from './compensate-list.ts';
import { readAgain, refuseList, waitWhileListPending } from './list-steps.ts';
import { isTransient, retryUntilOutcome } from './retry-until-outcome.ts';

/** What the ledger or the book says of a list: the list as it is stored then, or the exchange's answer. */
type Sent = { legs: ListLegs } | { answer: ExchangeAnswer };

/**
 * Takes a pending list to its outcome, as `driveOrder` does an order: all its holds together, then one SubmitList. Its orders have one outcome in the
 * book; which state each is in then is in the feed alone, so the answer waits until that was applied. A list of which an order has an outcome
 * already waits for the feed.
 */
export async function driveList(deps: OrderDeps, legs: ListLegs, time: CallTime): Promise<ListLegs> {
  if (!legs.every(isPending) || legs.some(({ state }) => state === 'compensating')) {
    return waitForListOutcome(deps, legs, time);
  }
  const sent = isListImmediate(legs) ? await sendInTime(deps, legs, time) : await sendToRest(deps, legs, time);
  if ('legs' in sent) return waitForListOutcome(deps, sent.legs, time);
  const { refusal, feedSequence } = sent.answer;
  // One of its orders was voided: another executor compensates the list.
  if (refusal !== undefined && feedSequence === 0n && refusal.reason !== 'ORDER_VOIDED') {
    const compensated = await compensateList(deps, legs, ownRefusal(legs[0], refusal));
    return waitForListOutcome(deps, compensated, time);
  }
  await deps.changes.waitForPosition(legs[0].shard, feedSequence, time.leftMs);
  return waitForListOutcome(deps, await readAgain(deps, legs), time);
}

/** The list once no order of it is pending. Throws DEADLINE_EXCEEDED shortly before the deadline. */
export async function waitForListOutcome(deps: OrderDeps, legs: ListLegs, time: CallTime): Promise<ListLegs> {
  const outcome = await waitWhileListPending(deps, legs, time.leftMs);
  if (isListPending(outcome)) throw deadlineExceeded(undefined, 'the list is stored; ask for its outcome by its key');
  return outcome;
}

async function sendToBook(deps: OrderDeps, legs: ListLegs, time: CallTime): Promise<Sent> {
  const { refusal } = await retryUntilOutcome(time, () => deps.holds.placeList(legs, time));
  if (refusal !== undefined) return { legs: await refuseList(deps, legs, { from: 'intent', refusal }) };
  try {
    return { answer: await retryUntilOutcome(time, () => deps.lists.submit(legs, time)) };
  } catch (error) {
    // The answer is lost; the feed may have brought the outcome, which outranks any answer.
    const current = await readAgain(deps, legs);
    if (isListPending(current)) throw error;
    return { legs: current };
  }
}

/** The same for a list that may rest: it stays stored whatever is wrong with a call, so its caller never gets a refusal for that. */
async function sendToRest(deps: OrderDeps, legs: ListLegs, time: CallTime): Promise<Sent> {
  try {
    return await sendToBook(deps, legs, time);
  } catch (error) {
    if (isTransient(error)) throw error;
    deps.logger.error({ error, listId: legs[0].leg.listId }, 'a list could not be sent');
    throw unavailable(undefined, 'the list is stored; ask for its outcome by its key');
  }
}

/** The same for a list whose entry is for the market of its own moment: what did not reach the book in time is compensated. */
async function sendInTime(deps: OrderDeps, legs: ListLegs, time: CallTime): Promise<Sent> {
  const inTime = time.forTheMoment(sendUntilMs(deps, legs[0]));
  try {
    return await sendToBook(deps, legs, inTime);
  } catch (error) {
    if (!isTransient(error)) deps.logger.error({ error, listId: legs[0].leg.listId }, 'a list could not be sent');
    return { legs: await compensateList(deps, legs, notSubmittedInTime) };
  }
}
