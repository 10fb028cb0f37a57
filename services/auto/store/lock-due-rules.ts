import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** Up to `limit` schedules that are due, locked for this transaction; those that another transaction has locked are skipped. */
export async function lockDueRules(tx: Sql, { nowMs, limit }: { nowMs: number; limit: number }): Promise<Rule[]> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT ${ruleColumns} FROM rule WHERE next_run_time <= $1 ORDER BY next_run_time LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [new Date(nowMs), limit],
  );
  return rows.map(toRule);
}
