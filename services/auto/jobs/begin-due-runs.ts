/** Makes runs of the schedules that are due. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { afterCommit, type Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AutoDeps } from '../deps.ts';
import { cronCalendar } from '../domain/cron-calendar.ts';
import { type DueRuns, dueRuns } from '../domain/due-runs.ts';
import type { Rule } from '../domain/rule.ts';
import { publishRunFinished } from '../events/published.ts';
import { insertRuns, type NewRun } from '../store/insert-runs.ts';
import { lockDueRules } from '../store/lock-due-rules.ts';
import { planNextRuns } from '../store/plan-next-runs.ts';

const everyMs = 500;
const rulesMax = 100;

/** Begins what is due every half second, on every replica, until the signal aborts. Never rejects. */
export function scheduleDueRuns(
  deps: AutoDeps,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  return runPeriodically({
    name: 'schedules',
    work: () => beginDueRuns(deps, logger),
    pauseMs: everyMs,
    signal,
    logger,
  });
}

/**
 * Stores the runs of up to 100 due schedules and plans their next, in one transaction: any number of replicas may do it at once, and a
 * run exists once. Resolves to whether more may be due.
 */
async function beginDueRuns({ db, nowMs, notifier }: AutoDeps, logger: Logger): Promise<boolean> {
  return db.transaction(async (tx) => {
    const timeMs = nowMs();
    const rules = await lockDueRules(tx, { nowMs: timeMs, limit: rulesMax });
    if (rules.length === 0) return false;
    const plans = rules.map((rule) => ({ rule, due: planOf(rule, timeMs, logger) }));
    await planNextRuns(
      tx,
      plans.map(({ rule, due }) => ({ ruleId: rule.ruleId, nextTimeMs: due.nextTimeMs })),
    );
    const newRuns = plans.flatMap(({ rule, due }) => newRunsOf(rule, due));
    const runs = await insertRuns(tx, newRuns, timeMs);
    await publishMissed(tx, rules, runs);
    if (runs.some(({ outcome }) => outcome === 'pending')) afterCommit(tx, () => notifier.notify());
    return rules.length === rulesMax;
  });
}

// A stored schedule that cannot be read any more (the system's time zones have changed) must not stop all the others.
function planOf({ trigger, nextRunTimeMs = 0, ruleId }: Rule, nowMs: number, logger: Logger): DueRuns {
  const none: DueRuns = { runTimeMs: undefined, missed: undefined, nextTimeMs: undefined };
  if (trigger.type !== 'schedule') return none;
  try {
    return dueRuns(cronCalendar, { schedule: trigger, plannedTimeMs: nextRunTimeMs, nowMs });
  } catch (error) {
    logger.error({ ruleId, error }, 'a stored schedule cannot be read; it does not run until it is resumed');
    return none;
  }
}

function newRunsOf({ ruleId }: Rule, { runTimeMs, missed }: DueRuns): NewRun[] {
  const runs: NewRun[] = [];
  if (missed !== undefined) {
    const { lastTimeMs, count, isCountExact } = missed;
    const metadata = { [isCountExact ? 'missed_count' : 'missed_count_min']: String(count) };
    runs.push({ ruleId, scheduledTimeMs: lastTimeMs, outcome: 'missed', metadata });
  }
  if (runTimeMs !== undefined) runs.push({ ruleId, scheduledTimeMs: runTimeMs, outcome: 'pending' });
  return runs;
}

async function publishMissed(tx: Sql, rules: Rule[], runs: Awaited<ReturnType<typeof insertRuns>>): Promise<void> {
  const byId = new Map(rules.map((rule) => [rule.ruleId, rule]));
  for (const run of runs) {
    const rule = byId.get(run.ruleId);
    if (run.outcome === 'missed' && rule !== undefined) await publishRunFinished(tx, rule, run);
  }
}
