import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** Up to `limit` schedules that are due, locked for this transaction; those that another has locked are passed over. */
export async function lockDueRules(tx: Sql, { nowMs, limit }: { nowMs: number; limit: number }): Promise<Rule[]> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT ${ruleColumns} FROM rule WHERE next_run_time <= $1 ORDER BY next_run_time LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [new Date(nowMs), limit],
  );
  return rows.map(toRule);
}

/** Writes the next runs of rules that are locked; undefined: none. */
export async function planNextRuns(
  tx: Sql,
  plans: { ruleId: string; nextTimeMs: number | undefined }[],
): Promise<void> {
  await tx.query(
    `UPDATE rule SET next_run_time = plan.next_run_time
     FROM unnest($1::uuid[], $2::timestamptz[]) AS plan (rule_id, next_run_time)
     WHERE rule.rule_id = plan.rule_id`,
    [
      plans.map(({ ruleId }) => ruleId),
      plans.map(({ nextTimeMs }) => (nextTimeMs === undefined ? null : new Date(nextTimeMs))),
    ],
  );
}
