import type { Sql } from '#platform/postgres/sql.ts';

/** Marks a rule of this account as deleted; again changes nothing. Returns false when the account has no such rule. */
export async function deleteRule(
  sql: Sql,
  { ruleId, accountId, nowMs }: { ruleId: string; accountId: string; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE rule SET state = 'deleted', next_run_time = NULL, delete_time = coalesce(delete_time, $3)
     WHERE rule_id = $1 AND account_id = $2`,
    [ruleId, accountId, new Date(nowMs)],
  );
  return rowCount === 1;
}
