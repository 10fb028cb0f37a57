import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { plainArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** A slice that begins at a time; its shares are in millionths. */
export type NewSlice = { ruleId: string; startMs: number; totalMicros: bigint };

/** Stores a run for each, and its slice, which is due at once. A rule has one run for each time. */
export async function insertSlices(tx: Sql, slices: NewSlice[], nowMs: number): Promise<void> {
  if (slices.length === 0) return;
  await tx.query(
    `WITH new AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[])
         AS new (run_id, rule_id, scheduled_time, total_micros)
     ), begun AS (
       INSERT INTO run (run_id, rule_id, scheduled_time, outcome, next_attempt_time)
       SELECT run_id, rule_id, scheduled_time, 'pending', 'infinity' FROM new
       ON CONFLICT (rule_id, scheduled_time) DO NOTHING RETURNING run_id)
     INSERT INTO slice (run_id, total_micros, next_attempt_time)
     SELECT run_id, total_micros, $5 FROM begun JOIN new USING (run_id)`,
    [
      slices.map(({ startMs }) => uuidV7(startMs)),
      slices.map(({ ruleId }) => ruleId),
      slices.map(({ startMs }) => new Date(startMs)),
      plainArray(slices.map(({ totalMicros }) => totalMicros)),
      new Date(nowMs),
    ],
  );
}
