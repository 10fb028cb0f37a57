/** Begins what runs once, when its time has come. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { afterCommit } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AutoDeps } from '../deps.ts';
import type { Rule } from '../domain/rule.ts';
import { insertRuns, type NewRun } from '../store/insert-runs.ts';
import { insertSlices, type NewSlice } from '../store/insert-slices.ts';
import { lockDueOnce } from '../store/lock-due-once.ts';
import { markBegun } from '../store/mark-begun.ts';

const everyMs = 500;
const rulesMax = 100;

/** Begins what is due every half second, on every replica, until the signal aborts. Never rejects. */
export function beginOnce(deps: AutoDeps, { signal, logger }: { signal: AbortSignal; logger: Logger }): Promise<void> {
  return runPeriodically({ name: 'runs once', work: () => beginDueOnce(deps), pauseMs: everyMs, signal, logger });
}

/** Stores the runs of up to 100 rules, each once, in one transaction. Resolves to whether more may be due. */
async function beginDueOnce({ db, nowMs, notifier }: AutoDeps): Promise<boolean> {
  return db.transaction(async (tx) => {
    const timeMs = nowMs();
    const rules = await lockDueOnce(tx, { nowMs: timeMs, limit: rulesMax });
    if (rules.length === 0) return false;
    await insertRuns(tx, rules.flatMap(newRunOf), timeMs);
    await insertSlices(tx, rules.flatMap(newSliceOf), timeMs);
    await markBegun(
      tx,
      rules.map(({ ruleId }) => ruleId),
    );
    afterCommit(tx, () => notifier.notify());
    return rules.length === rulesMax;
  });
}

function newRunOf({ ruleId, action, trigger }: Rule): NewRun[] {
  if (action.type !== 'order') return [];
  return [{ ruleId, scheduledTimeMs: startOf(trigger), outcome: 'pending' }];
}

function newSliceOf({ ruleId, action, trigger }: Rule): NewSlice[] {
  if (action.type !== 'slice') return [];
  const totalMicros = parseDecimal(action.slice.order.size.value, QUANTITY_SCALE);
  return [{ ruleId, startMs: startOf(trigger), totalMicros }];
}

function startOf(trigger: Rule['trigger']): number {
  if (trigger.type !== 'once' || trigger.startMs === undefined)
    throw new Error('a rule that runs once without its time');
  return trigger.startMs;
}
