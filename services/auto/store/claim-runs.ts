import type { Sql } from '#platform/postgres/sql.ts';
import { type Claim, claimDue, type QueueTable } from '#platform/queue/claim-due.ts';
import type { ClaimedRun } from '../domain/run.ts';
import { type ActionRow, type RuleRow, toAction } from './rule-row.ts';
import { type RunRow, runColumns, toRun } from './run-row.ts';

/** Runs as a work queue, but for those of slices. */
export const runQueue: QueueTable = { name: 'run', key: 'run_id', isPending: `outcome = 'pending'`, isOfMarket: true };

type Row = RunRow & ActionRow & Pick<RuleRow, 'account_id' | 'name' | 'state'>;

/** Claims up to `limit` pending runs that are due, each with what it needs of its rule. */
export async function claimRuns(sql: Sql, claim: Claim): Promise<ClaimedRun[]> {
  const select = `SELECT ${runColumns}, rule.account_id, rule.name, rule.state, rule.order_draft, rule.alert_note, rule.slice_terms
    FROM claimed AS run JOIN rule USING (rule_id)`;
  const rows = await claimDue<Row>(sql, runQueue, select, claim);
  return rows.map((row) => ({
    ...toRun(row),
    accountId: row.account_id,
    name: row.name,
    action: toAction(row),
    isRuleDeleted: row.state === 'deleted',
  }));
}
