/** Turns schedules that are due into runs. */
import { afterCommit, type Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AutoDeps } from '../auto-deps.ts';
import { cronCalendar } from '../calendar/cron-calendar.ts';
import { type DueRuns, dueRuns } from '../domain/due-runs.ts';
import type { Rule } from '../domain/rule.ts';
import { publishRunFinished } from '../events/published.ts';
import { lockDueRules, planNextRuns } from '../store/due-rules.ts';
import { insertRuns, type NewRun } from '../store/insert-runs.ts';

const rulesMax = 100;

/**
 * Inserts the runs of up to 100 due schedules and plans their next, in one transaction: any number of replicas may do it at once,
 * and a run exists once. Resolves to whether more may be due.
 */
export async function beginDueRuns({ db, now, notifier }: AutoDeps, logger: Logger): Promise<boolean> {
  return db.transaction(async (tx) => {
    const nowMs = now();
    const rules = await lockDueRules(tx, { nowMs, limit: rulesMax });
    if (rules.length === 0) return false;
    const plans = rules.map((rule) => ({ rule, due: planOf(rule, nowMs, logger) }));
    await planNextRuns(
      tx,
      plans.map(({ rule, due }) => ({ ruleId: rule.ruleId, nextTimeMs: due.nextTimeMs })),
    );
    const newRuns = plans.flatMap(({ rule, due }) => newRunsOf(rule, due));
    const runs = await insertRuns(tx, newRuns, nowMs);
    await tellMissed(tx, rules, runs);
    if (runs.some(({ outcome }) => outcome === 'pending')) afterCommit(tx, () => notifier.notify());
    return rules.length === rulesMax;
  });
}

// A schedule that was understood once and no longer is (the time zones of the system changed) must not stop all the others.
function planOf({ trigger, nextRunTimeMs = 0, ruleId }: Rule, nowMs: number, logger: Logger): DueRuns {
  const over: DueRuns = { runTimeMs: undefined, missed: undefined, nextTimeMs: undefined };
  if (trigger.type !== 'schedule') return over;
  try {
    return dueRuns(cronCalendar, { schedule: trigger, plannedTimeMs: nextRunTimeMs, nowMs });
  } catch (error) {
    logger.error({ ruleId, error }, 'a schedule is not understood any more; it does not run until it is resumed');
    return over;
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

async function tellMissed(tx: Sql, rules: Rule[], runs: Awaited<ReturnType<typeof insertRuns>>): Promise<void> {
  const byId = new Map(rules.map((rule) => [rule.ruleId, rule]));
  for (const run of runs) {
    const rule = byId.get(run.ruleId);
    if (run.outcome === 'missed' && rule !== undefined) await publishRunFinished(tx, rule, run);
  }
}
