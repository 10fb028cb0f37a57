import { fenceLease } from '#platform/postgres/lease.ts';
import { afterCommit } from '#platform/postgres/sql.ts';
import type { AutoDeps } from '../auto-deps.ts';
import type { Condition, Rule } from '../domain/rule.ts';
import { publishAlertRaised, publishRunFinished } from '../events/published.ts';
import { insertRuns } from '../store/insert-runs.ts';
import { markDone } from '../store/update-rule.ts';

/** The lease of who watches prices. */
export const watchLease = 'auto.conditions';

/**
 * Lets a condition come true at a price (millionths): once, by compare-and-set on the rule's state, and only while `token` is the
 * newest of the lease. The alert is told, or the run that places the order begins, in the same transaction.
 */
export async function fire(
  { db, now, notifier }: Pick<AutoDeps, 'db' | 'now' | 'notifier'>,
  rule: Rule,
  { condition, priceMicros, token }: { condition: Condition; priceMicros: bigint; token: bigint },
): Promise<void> {
  const { ruleId, action } = rule;
  await db.transaction(async (tx) => {
    await fenceLease(tx, watchLease, token);
    if (!(await markDone(tx, ruleId))) return;
    const outcome = action.type === 'alert' ? 'done' : 'pending';
    const nowMs = now();
    const [run] = await insertRuns(tx, [{ ruleId, scheduledTimeMs: nowMs, outcome }], nowMs);
    if (action.type === 'alert' && run !== undefined) {
      await publishAlertRaised(tx, rule, { condition, priceMicros, note: action.note });
      await publishRunFinished(tx, rule, run);
    } else afterCommit(tx, () => notifier.notify());
  });
}
