import type { Sql } from '#platform/postgres/sql.ts';
import type { Run } from '../domain/run.ts';
import { withProgress } from '../domain/slice-step.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';
import { type ProgressRow, progressColumns, toProgress } from './slice-row.ts';

type Row = RunRow & (ProgressRow | { total_micros: null });

/** At most `limit` runs of a rule, newest first, older than the run `cursor` if there is one. */
export async function listRuns(
  sql: Sql,
  options: { ruleId: string; cursor: string | undefined; limit: number },
): Promise<Run[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${runColumns}, ${progressColumns} FROM run LEFT JOIN slice USING (run_id)
     WHERE rule_id = $1 AND ($2::uuid IS NULL OR run_id < $2) ORDER BY run_id DESC LIMIT $3`,
    [options.ruleId, options.cursor, options.limit],
  );
  return rows.map((row) => (row.total_micros === null ? toRun(row) : withProgress(toRun(row), toProgress(row))));
}
