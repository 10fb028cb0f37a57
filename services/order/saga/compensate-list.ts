import { greatestOf } from '#platform/money/extremes.ts';
import type { OrderDeps } from '../deps.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import { type ListLegs, toListLegs, wasNeverAccepted } from '../domain/list-legs.ts';
import type { Refusal } from '../domain/order.ts';
import { neverAccepted } from './compensate-order.ts';
import { readAgain, refuseList } from './list-steps.ts';
import { stepTo } from './steps.ts';

const feedWaitMs = 2_000;

/**
 * Ends a list that is not to reach the book, as `compensateOrder` does an order. The first order is voided alone: with it the exchange takes the list
 * no more. Only once the feed has shown that it never had the list are the others voided too, the holds released, and all orders rejected
 * together; if it had it, its exits are to stay. Returns the list as it is then; the sweeper repeats what is still compensating.
 */
export async function compensateList(deps: OrderDeps, legs: ListLegs, refusal: Refusal): Promise<ListLegs> {
  const stepped = await Promise.all(legs.map((leg) => stepTo(deps, leg, 'compensating')));
  let current = toListLegs(stepped);
  if (!current.every(wasNeverAccepted)) return current;
  const rest = current.filter(({ state }) => state === 'compensating');
  for (const group of [rest.slice(0, 1), rest.slice(1)]) {
    const answers = await Promise.all(group.map((leg) => deps.exchange.void(leg)));
    const isApplied = await areApplied(deps, current, answers);
    current = await readAgain(deps, current);
    if (!isApplied || !current.every(wasNeverAccepted)) return current;
    const standing = answers.find(
      (answer) => answer.refusal !== undefined && !neverAccepted.has(answer.refusal.reason),
    );
    if (standing === undefined) continue;
    const { listId } = current[0].leg;
    deps.logger.warn({ listId, reason: standing.refusal?.reason }, 'a list cannot be voided yet');
    return current;
  }
  await deps.holds.releaseAll(current.map(({ orderId }) => orderId));
  const open = current.filter(({ state }) => state === 'compensating');
  if (open.length === 0) return current;
  await refuseList(deps, toListLegs(open), { from: 'compensating', refusal });
  return readAgain(deps, current);
}

/** Waits until the feed was applied up to the effects of the commands. */
async function areApplied({ changes }: OrderDeps, [{ shard }]: ListLegs, answers: ExchangeAnswer[]): Promise<boolean> {
  const last = greatestOf(answers.map(({ feedSequence }) => feedSequence));
  return changes.waitForPosition(shard, last, feedWaitMs);
}
