import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** Up to `limit` waiting price triggers whose threshold these last prices (millionths) have reached, without those to leave out. */
export async function findReachedRules(
  sql: Sql,
  prices: ReadonlyMap<string, bigint>,
  { limit, leaveOut }: { limit: number; leaveOut: readonly string[] },
): Promise<Rule[]> {
  const { rows } = await sql.query<RuleRow>(
    `SELECT ${ruleColumns}
     FROM unnest($1::text[], $2::bigint[]) AS last (symbol, price)
     JOIN rule ON rule.symbol = last.symbol AND rule.state = 'enabled' AND (
       (direction = 'at-or-above' AND price_micros <= last.price) OR
       (direction = 'at-or-below' AND price_micros >= last.price))
     WHERE rule_id <> ALL ($4::uuid[])
     LIMIT $3`,
    [[...prices.keys()], [...prices.values()], limit, leaveOut],
  );
  return rows.map(toRule);
}
