import { deadlineExceeded, unavailable } from '#platform/errors/outcry-error.ts';
import type { OrderDeps } from '../deps.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import { putOrder } from '../domain/change-set.ts';
import { changed, withoutChange } from '../domain/end-replace.ts';
import type { Order } from '../domain/order.ts';
import { type NumberedReplace, ownReplaceRefusal, type Replace } from '../domain/replace.ts';
import { loadForChange, saveChangeSet } from '../store/change-orders.ts';
import { readReplace } from '../store/replaces/read-replace.ts';
import { saveAnsweredReplace } from '../store/replaces/save-ended.ts';
import type { CallTime } from './call-time.ts';
import { isTransient, retryUntilOutcome } from './retry-until-outcome.ts';

/** The ledger has no open hold for the order: it has ended, or the change has. The feed says which. */
const holdClosed = 'HOLD_CLOSED';

/**
 * Takes a change that was begun to its outcome, and returns it as it is then:
 *
 *   AmendHolds   the hold pays for the order as it is and as it becomes; refused: so is the change
 *   Replace      the exchange changes the order, or refuses; its feed brings the same, and the ledger frees what is left by it
 *
 * Any number of executors may drive a change: both calls have one outcome for its number. What was held for it is given back by the feed
 * alone, as the exchange could still carry out what has no outcome. Throws UNAVAILABLE or DEADLINE_EXCEEDED when its outcome is not known in
 * time, whatever is wrong with a call: the change stays stored, and the sweeper drives it on.
 */
export async function driveReplace(
  deps: OrderDeps,
  order: Order,
  replace: NumberedReplace,
  time: CallTime,
): Promise<Replace> {
  try {
    return await holdAndSend(deps, order, replace, time);
  } catch (error) {
    if (isTransient(error)) throw error;
    deps.logger.error({ error, orderId: order.orderId }, 'a change of an order could not be sent');
    throw unavailable(undefined, 'the change is stored; ask for its outcome by its key');
  }
}

async function holdAndSend(deps: OrderDeps, order: Order, replace: NumberedReplace, time: CallTime): Promise<Replace> {
  const conditions = await deps.tradingConditions.find(order.accountId);
  const positionMaxMicros = conditions?.positionMaxMicros;
  const held = await retryUntilOutcome(time, () => deps.holds.amend({ order, replace, positionMaxMicros }, time));
  if (held.refusal?.reason === holdClosed) return waitForReplace(deps, replace, time);
  if (held.refusal !== undefined) return endAnswered(deps, replace, { refusal: held.refusal, feedSequence: 0n });
  const answer = await retryUntilOutcome(time, () => sendReplace(deps, order, replace, time));
  if (answer.refusal !== undefined) {
    return endAnswered(deps, replace, { ...answer, refusal: ownReplaceRefusal(answer.refusal) });
  }
  const isApplied = await deps.changes.waitForPosition(order.shard, answer.feedSequence, time.leftMs);
  if (!isApplied) throw outcomeUnknown();
  const ended = (await readReplace(deps.db, replace.replaceId)) ?? replace;
  // A consumer of the release before has changed the order, and does not know of changes.
  return ended.state === 'pending' ? endAnswered(deps, replace, answer) : ended;
}

/** The change once it has its outcome. Throws DEADLINE_EXCEEDED shortly before the deadline. */
export async function waitForReplace(deps: OrderDeps, replace: Replace, time: CallTime): Promise<Replace> {
  if (replace.state !== 'pending') return replace;
  const read = async () => {
    const current = await readReplace(deps.db, replace.replaceId);
    return current?.state === 'pending' ? undefined : current;
  };
  const ended = await deps.changes.waitFor(replace.accountId, read, { timeoutMs: time.leftMs });
  if (ended === undefined) throw outcomeUnknown();
  return ended;
}

async function sendReplace(
  deps: OrderDeps,
  order: Order,
  replace: NumberedReplace,
  time: CallTime,
): Promise<ExchangeAnswer> {
  const answer = await deps.exchange.replace({ order, replace }, time);
  // What is not on the feed was not decided: the change may still be carried out, so it stays as it is.
  if (answer.feedSequence > 0n) return answer;
  deps.logger.error({ orderId: order.orderId, reason: answer.refusal?.reason }, 'a change of an order was not decided');
  throw unavailable(undefined, 'the exchange has not decided the change');
}

/** Stores the outcome that ledger or exchange have answered, unless the feed has brought it already, and returns the change as it is then. */
function endAnswered(
  deps: OrderDeps,
  { replaceId, orderId, accountId, number }: NumberedReplace,
  answer: Pick<ExchangeAnswer, 'refusal' | 'feedSequence'>,
): Promise<Replace> {
  return deps.db.transaction(async (tx) => {
    const set = await loadForChange(tx, [{ orderId, accountId }]);
    const order = set.orders.get(orderId);
    if (order?.pendingReplace !== undefined && order.replaceNumber === number) {
      const after = answer.refusal === undefined ? changed(order) : withoutChange(order);
      putOrder(set, after, { timeMs: order.updateTimeMs, visible: false });
    }
    await saveAnsweredReplace(tx, replaceId, answer);
    await saveChangeSet(tx, set);
    const ended = await readReplace(tx, replaceId);
    if (ended === undefined) throw unavailable(undefined, 'the change was deleted meanwhile');
    return ended;
  });
}

function outcomeUnknown() {
  return deadlineExceeded(undefined, 'the change is stored; ask for its outcome by its key');
}
