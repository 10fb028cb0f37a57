import type { Sql } from '#platform/postgres/sql.ts';

/** Makes the slice that a rule works due at once, if there is one. Who has it claimed writes nothing more. */
export async function wakeSlice(tx: Sql, ruleId: string, nowMs: number): Promise<void> {
  await tx.query(
    `UPDATE slice SET next_attempt_time = $2, claimed_until = '-infinity', attempts = attempts + 1
     WHERE run_id IN (SELECT run_id FROM run WHERE rule_id = $1) AND next_attempt_time IS NOT NULL`,
    [ruleId, new Date(nowMs)],
  );
}
