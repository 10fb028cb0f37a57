import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes up to `rowsMax` rows of rules that were deleted before a time, with their runs. Returns how many. */
export async function deleteExpiredRules(sql: Sql, beforeMs: number, rowsMax: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM rule WHERE rule_id IN (
       SELECT rule_id FROM rule WHERE delete_time < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [new Date(beforeMs), rowsMax],
  );
  return rowCount;
}
