import type { Sql } from '#platform/postgres/sql.ts';

/** Marks a rule whose slice has ended as done, unless it is deleted. */
export async function finishRule(tx: Sql, ruleId: string): Promise<void> {
  await tx.query(`UPDATE rule SET state = 'done' WHERE rule_id = $1 AND state IN ('enabled', 'paused')`, [ruleId]);
}
