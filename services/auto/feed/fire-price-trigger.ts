import { fenceLease } from '#platform/postgres/lease.ts';
import { afterCommit } from '#platform/postgres/sql.ts';
import type { AutoDeps } from '../deps.ts';
import type { PriceTrigger, Rule } from '../domain/rule.ts';
import { publishAlertRaised, publishRunFinished } from '../events/published.ts';
import { insertRuns } from '../store/insert-runs.ts';
import { markFired } from '../store/mark-fired.ts';

/** The lease of the replica that watches prices. */
export const watchLease = 'auto.price-triggers';

/**
 * Fires a price trigger at a price (millionths): once, by compare-and-set on the rule's state, and only while `token` is the newest of
 * the lease. The alert, or the run that places the order, is written in the same transaction.
 */
export async function firePriceTrigger(
  { db, nowMs, notifier }: Pick<AutoDeps, 'db' | 'nowMs' | 'notifier'>,
  rule: Rule,
  { trigger, priceMicros, token }: { trigger: PriceTrigger; priceMicros: bigint; token: bigint },
): Promise<void> {
  const { ruleId, action } = rule;
  await db.transaction(async (tx) => {
    await fenceLease(tx, watchLease, token);
    if (!(await markFired(tx, ruleId))) return;
    const outcome = action.type === 'alert' ? 'done' : 'pending';
    const timeMs = nowMs();
    const [run] = await insertRuns(tx, [{ ruleId, scheduledTimeMs: timeMs, outcome }], timeMs);
    if (action.type === 'alert' && run !== undefined) {
      await publishAlertRaised(tx, rule, { trigger, priceMicros, note: action.note });
      await publishRunFinished(tx, rule, run);
    } else afterCommit(tx, () => notifier.notify());
  });
}
