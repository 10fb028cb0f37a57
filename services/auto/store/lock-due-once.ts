import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** Up to `limit` rules that run once and are due, locked for this transaction; those that another transaction has locked are skipped. */
export async function lockDueOnce(tx: Sql, { nowMs, limit }: { nowMs: number; limit: number }): Promise<Rule[]> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT ${ruleColumns} FROM rule
     WHERE state = 'enabled' AND NOT has_begun AND start_time IS NOT NULL AND start_time <= $1
     ORDER BY start_time LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [new Date(nowMs), limit],
  );
  return rows.map(toRule);
}
