import type { Sql } from '#platform/postgres/sql.ts';

/** Removes up to `rowsMax` finished runs of each rule beyond its newest `keep`; returns how many. */
export async function purgeRuns(sql: Sql, { keep, rowsMax }: { keep: number; rowsMax: number }): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM run WHERE run_id IN (
       SELECT old.run_id FROM rule CROSS JOIN LATERAL (
         SELECT run_id, outcome FROM run WHERE run.rule_id = rule.rule_id ORDER BY run_id DESC OFFSET $1 LIMIT $2
       ) AS old WHERE old.outcome <> 'pending')`,
    [keep, rowsMax],
  );
  return rowCount;
}

/** Removes up to `rowsMax` rules that were deleted before a time, with their runs; returns how many. */
export async function purgeRules(sql: Sql, beforeMs: number, rowsMax: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM rule WHERE rule_id IN (
       SELECT rule_id FROM rule WHERE delete_time < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [new Date(beforeMs), rowsMax],
  );
  return rowCount;
}
