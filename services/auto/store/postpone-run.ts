import type { Sql } from '#platform/postgres/sql.ts';
import { claimedFor, stillClaimed } from '#platform/queue/claim-due.ts';
import type { Run } from '../domain/run.ts';
import { runQueue } from './claim-runs.ts';

/** Frees a claimed run for the next attempt after so many ms, unless another replica has claimed it since. */
export async function postponeRun(
  sql: Sql,
  { runId, attempts }: Pick<Run, 'runId' | 'attempts'>,
  delayMs: number,
): Promise<void> {
  await sql.query(`UPDATE run SET claimed_until = ${claimedFor('$3')} WHERE ${stillClaimed(runQueue)}`, [
    runId,
    attempts,
    delayMs,
  ]);
}
