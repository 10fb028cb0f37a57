import type { Sql } from '#platform/postgres/sql.ts';
import type { Run, RunEnd } from '../domain/run.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';

/** Ends a pending run; undefined when it ended already. */
export async function endRun(tx: Sql, runId: string, end: RunEnd, nowMs: number): Promise<Run | undefined> {
  const { rows } = await tx.query<RunRow>(
    `UPDATE run SET outcome = $2, order_id = $3, reason = $4, metadata = $5::jsonb, finish_time = $6, next_attempt_time = NULL
     WHERE run_id = $1 AND outcome = 'pending'
     RETURNING ${runColumns}`,
    [
      runId,
      end.outcome,
      end.outcome === 'done' ? end.orderId : '',
      end.outcome === 'refused' ? end.reason : '',
      JSON.stringify(end.outcome === 'done' ? {} : end.metadata),
      new Date(nowMs),
    ],
  );
  return rows[0] && toRun(rows[0]);
}

/** Lets a pending run be claimed again at a time, unless another has claimed it since. */
export async function postponeRun(
  sql: Sql,
  { runId, attempts }: Pick<Run, 'runId' | 'attempts'>,
  timeMs: number,
): Promise<void> {
  await sql.query(`UPDATE run SET next_attempt_time = $3 WHERE run_id = $1 AND attempts = $2 AND outcome = 'pending'`, [
    runId,
    attempts,
    new Date(timeMs),
  ]);
}
