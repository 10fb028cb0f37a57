import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** Up to `limit` enabled conditions that were never armed, by id, after the id `after`. */
export async function listUnarmedRules(sql: Sql, { after, limit }: { after: string; limit: number }): Promise<Rule[]> {
  const { rows } = await sql.query<RuleRow>(
    `SELECT ${ruleColumns} FROM rule
     WHERE state = 'enabled' AND symbol IS NOT NULL AND threshold_ticks IS NULL AND rule_id > $1 ORDER BY rule_id LIMIT $2`,
    [after, limit],
  );
  return rows.map(toRule);
}
