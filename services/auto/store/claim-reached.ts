import type { Sql } from '#platform/postgres/sql.ts';
import { type Claim, claimDue, type QueueTable } from '#platform/queue/claim-due.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** Reached conditions as a work queue. */
const reachedQueue: QueueTable = {
  name: 'rule',
  key: 'rule_id',
  isPending: `state = 'enabled' AND next_attempt_time IS NOT NULL`,
  isOfMarket: true,
};

/** A condition that a trade has reached, with the price of it in millionths. */
export type ReachedRule = { rule: Rule; priceMicros: bigint };

/** Claims up to `limit` reached conditions that are due to be fired. */
export async function claimReached(sql: Sql, claim: Claim): Promise<ReachedRule[]> {
  const select = `SELECT ${ruleColumns}, rule.reach_price_micros FROM claimed AS rule`;
  const rows = await claimDue<RuleRow & { reach_price_micros: bigint }>(sql, reachedQueue, select, claim);
  return rows.map((row) => ({ rule: toRule(row), priceMicros: row.reach_price_micros }));
}
