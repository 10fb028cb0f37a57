import type { Sql } from '#platform/postgres/sql.ts';
import type { ClaimedRun } from '../domain/run.ts';
import { type RuleRow, toAction } from './rule-row.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';

type Row = RunRow & Pick<RuleRow, 'account_id' | 'name' | 'state' | 'order_draft' | 'alert_note'>;

/** Claims up to `limit` pending runs that are due: one attempt is counted, and nobody else gets them before `leaseMs` are over. */
export async function claimRuns(
  sql: Sql,
  { limit, nowMs, leaseMs }: { limit: number; nowMs: number; leaseMs: number },
): Promise<ClaimedRun[]> {
  const { rows } = await sql.query<Row>(
    `UPDATE run SET attempts = attempts + 1, next_attempt_time = $3
     FROM rule
     WHERE rule.rule_id = run.rule_id AND run.run_id IN (
       SELECT run_id FROM run WHERE outcome = 'pending' AND next_attempt_time <= $2
       ORDER BY next_attempt_time LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING ${runColumns}, rule.account_id, rule.name, rule.state, rule.order_draft, rule.alert_note`,
    [limit, new Date(nowMs), new Date(nowMs + leaseMs)],
  );
  return rows.map((row) => ({
    ...toRun(row),
    accountId: row.account_id,
    name: row.name,
    action: toAction(row),
    isRuleDeleted: row.state === 'deleted',
  }));
}
