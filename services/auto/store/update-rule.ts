import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';

/** Writes state and next run of a rule that is locked. */
export async function updateRule(tx: Sql, { ruleId, state, nextRunTimeMs }: Rule): Promise<void> {
  await tx.query('UPDATE rule SET state = $2, next_run_time = $3 WHERE rule_id = $1', [
    ruleId,
    state,
    nextRunTimeMs === undefined ? undefined : new Date(nextRunTimeMs),
  ]);
}

/** Ends a rule of this account; false when it has no such rule. Ending it again changes nothing. */
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

/** Takes a condition that waits as having come true; false when it waits no longer: somebody else took it, or its owner ended it. */
export async function markDone(tx: Sql, ruleId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE rule SET state = 'done' WHERE rule_id = $1 AND state = 'enabled' AND symbol IS NOT NULL`,
    [ruleId],
  );
  return rowCount === 1;
}
