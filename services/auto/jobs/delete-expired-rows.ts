/** How long runs and deleted rules are stored. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AutoDeps } from '../deps.ts';
import { deleteExcessRuns } from '../store/delete-excess-runs.ts';
import { deleteExpiredRules } from '../store/delete-expired-rules.ts';

const everyMs = 10 * 60_000;
const dayMs = 24 * 3_600_000;
const runsPerRuleMax = 1_000;
const rowsMax = 1_000;

/** Deletes what is past its retention every ten minutes until the signal aborts. Any number of replicas may run it. Never rejects. */
export function deleteExpiredRows(
  deps: Pick<AutoDeps, 'db' | 'nowMs'>,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  const work = () => deleteExpiredOnce(deps);
  return runPeriodically({ name: 'retention', work, pauseMs: everyMs, pauseFirst: true, signal, logger });
}

/** Deletes runs beyond the newest 1000 of their rule, and rules 90 days after their deletion. Returns whether there are more. */
export async function deleteExpiredOnce({ db, nowMs }: Pick<AutoDeps, 'db' | 'nowMs'>): Promise<boolean> {
  const runs = await deleteExcessRuns(db, { countMax: runsPerRuleMax, rowsMax });
  const rules = await deleteExpiredRules(db, nowMs() - 90 * dayMs, rowsMax);
  return runs >= rowsMax || rules >= rowsMax;
}
