import type { Sql } from '#platform/postgres/sql.ts';
import type { Run } from '../domain/run.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';

/** At most `limit` runs of a rule, newest first, older than the run `cursor` if there is one. */
export async function listRuns(
  sql: Sql,
  options: { ruleId: string; cursor: string | undefined; limit: number },
): Promise<Run[]> {
  const { rows } = await sql.query<RunRow>(
    `SELECT ${runColumns} FROM run WHERE rule_id = $1 AND ($2::uuid IS NULL OR run_id < $2) ORDER BY run_id DESC LIMIT $3`,
    [options.ruleId, options.cursor, options.limit],
  );
  return rows.map(toRun);
}
