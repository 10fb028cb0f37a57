import type { Sql } from '#platform/postgres/sql.ts';
import type { Run, RunEnd } from '../domain/run.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';

/** Ends a pending run. Returns undefined when it has ended already. */
export async function endRun(tx: Sql, runId: string, end: RunEnd, nowMs: number): Promise<Run | undefined> {
  const { rows } = await tx.query<RunRow>(
    `UPDATE run SET outcome = $2, order_id = $3, reason = $4, metadata = $5::jsonb, finish_time = $6, next_attempt_time = NULL
     WHERE run_id = $1 AND outcome = 'pending'
     RETURNING ${runColumns}`,
    [
      runId,
      end.outcome,
      end.outcome === 'done' ? end.orderId : '',
      end.outcome === 'missed' ? '' : (end.reason ?? ''),
      JSON.stringify(end.metadata ?? {}),
      new Date(nowMs),
    ],
  );
  return rows[0] && toRun(rows[0]);
}
