/** The row of a run. */
import type { Run, RunOutcome } from '../domain/run.ts';

/** The columns of a run, as `RunRow` has them. */
export const runColumns = `run.run_id, run.rule_id, run.scheduled_time, run.finish_time, run.outcome, run.order_id, run.reason,
  run.metadata, run.attempts`;

/** One row of `runColumns`. */
export type RunRow = {
  run_id: string;
  rule_id: string;
  scheduled_time: Date;
  finish_time: Date | null;
  outcome: RunOutcome;
  order_id: string;
  reason: string;
  metadata: Record<string, string>;
  attempts: number;
};

/** Reads a row. */
export function toRun(row: RunRow): Run {
  return {
    runId: row.run_id,
    ruleId: row.rule_id,
    scheduledTimeMs: row.scheduled_time.getTime(),
    finishTimeMs: row.finish_time?.getTime(),
    outcome: row.outcome,
    orderId: row.order_id,
    reason: row.reason,
    metadata: row.metadata,
    attempts: row.attempts,
  };
}
