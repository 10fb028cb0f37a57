import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Run } from '../domain/run.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';

/** A new run: pending, or with its outcome already. */
export type NewRun = {
  ruleId: string;
  scheduledTimeMs: number;
  outcome: 'pending' | 'done' | 'missed';
  metadata?: Record<string, string>;
};

/** Stores the runs, pending ones due at once. Returns those that did not exist: a rule has one run for each time. */
export async function insertRuns(tx: Sql, runs: NewRun[], nowMs: number): Promise<Run[]> {
  if (runs.length === 0) return [];
  const { rows } = await tx.query<RunRow>(
    `INSERT INTO run (run_id, rule_id, scheduled_time, outcome, metadata, next_attempt_time, finish_time)
     SELECT run_id, rule_id, scheduled_time, outcome, metadata::jsonb,
       CASE WHEN outcome = 'pending' THEN $6::timestamptz END, CASE WHEN outcome <> 'pending' THEN $6::timestamptz END
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[])
       AS new (run_id, rule_id, scheduled_time, outcome, metadata)
     ON CONFLICT (rule_id, scheduled_time) DO NOTHING
     RETURNING ${runColumns}`,
    [
      runs.map(({ scheduledTimeMs }) => uuidV7(scheduledTimeMs)),
      runs.map(({ ruleId }) => ruleId),
      runs.map(({ scheduledTimeMs }) => new Date(scheduledTimeMs)),
      runs.map(({ outcome }) => outcome),
      runs.map(({ metadata = {} }) => JSON.stringify(metadata)),
      new Date(nowMs),
    ],
  );
  return rows.map(toRun);
}
