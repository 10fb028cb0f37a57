import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes up to `rowsMax` finished runs of each rule beyond its newest `countMax`. Returns how many. */
export async function deleteExcessRuns(
  sql: Sql,
  { countMax, rowsMax }: { countMax: number; rowsMax: number },
): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM run WHERE run_id IN (
       SELECT old.run_id FROM rule CROSS JOIN LATERAL (
         SELECT run_id, outcome FROM run WHERE run.rule_id = rule.rule_id ORDER BY run_id DESC OFFSET $1 LIMIT $2
       ) AS old WHERE old.outcome <> 'pending')`,
    [countMax, rowsMax],
  );
  return rowCount;
}
