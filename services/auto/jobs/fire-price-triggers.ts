/** Works off the queue of price triggers that a trade has reached. */
import { afterCommit } from '#platform/postgres/sql.ts';
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AutoDeps } from '../deps.ts';
import { publishAlertRaised, publishRunFinished } from '../events/published.ts';
import { claimReached, type ReachedRule } from '../store/claim-reached.ts';
import { insertRuns } from '../store/insert-runs.ts';
import { markFired } from '../store/mark-fired.ts';

const firedAtOnceMax = 2;
/** After how long one that could not be fired is tried again, in ms. */
const claimMs = 30_000;
const idleMs = 500;

/** Fires what was reached until the signal aborts, on every replica, and finishes what is in progress. Never rejects. */
export function firePriceTriggers(
  deps: AutoDeps,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  return runWorkerPool({
    name: 'price triggers',
    claim: (limit) => claimReached(deps.db, { limit, nowMs: deps.nowMs(), leaseMs: claimMs }),
    work: (reached) => firePriceTrigger(deps, reached),
    concurrencyMax: firedAtOnceMax,
    idleMs,
    notifier: deps.reachedNotifier,
    signal,
    logger,
  });
}

/**
 * Fires a price trigger: once, by compare-and-set on the rule's state. The alert, or the run that places the order, is written in the
 * same transaction.
 */
export async function firePriceTrigger(
  { db, nowMs, notifier }: Pick<AutoDeps, 'db' | 'nowMs' | 'notifier'>,
  { rule, priceMicros }: ReachedRule,
): Promise<void> {
  const { ruleId, action, trigger } = rule;
  if (trigger.type !== 'price') throw new Error('only a price trigger can be reached');
  await db.transaction(async (tx) => {
    if (!(await markFired(tx, ruleId))) return;
    const outcome = action.type === 'alert' ? 'done' : 'pending';
    const timeMs = nowMs();
    const [run] = await insertRuns(tx, [{ ruleId, scheduledTimeMs: timeMs, outcome }], timeMs);
    if (action.type === 'alert' && run !== undefined) {
      await publishAlertRaised(tx, rule, { runId: run.runId, trigger, priceMicros, note: action.note });
      await publishRunFinished(tx, rule, run);
    } else afterCommit(tx, () => notifier.notify());
  });
}
