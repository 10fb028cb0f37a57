import type { Sql } from '#platform/postgres/sql.ts';

/** Marks a reached price trigger as fired. Returns false when it has fired already, or its rule is paused or deleted. */
export async function markFired(tx: Sql, ruleId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE rule SET state = 'done' WHERE rule_id = $1 AND state = 'enabled' AND next_attempt_time IS NOT NULL`,
    [ruleId],
  );
  return rowCount === 1;
}
