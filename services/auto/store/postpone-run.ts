import type { Sql } from '#platform/postgres/sql.ts';
import { stillClaimed } from '#platform/queue/claim-due.ts';
import type { Run } from '../domain/run.ts';
import { runQueue } from './claim-runs.ts';

/** Makes a claimed run due again at a time, unless another replica has claimed it since. */
export async function postponeRun(
  sql: Sql,
  { runId, attempts }: Pick<Run, 'runId' | 'attempts'>,
  timeMs: number,
): Promise<void> {
  await sql.query(`UPDATE run SET next_attempt_time = $3 WHERE ${stillClaimed(runQueue)}`, [
    runId,
    attempts,
    new Date(timeMs),
  ]);
}
