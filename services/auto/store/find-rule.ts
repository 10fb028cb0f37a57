import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** The rule; undefined when there is none. `lock` stops changes by others until the transaction ends. */
export async function findRule(sql: Sql, ruleId: string, { lock = false } = {}): Promise<Rule | undefined> {
  const { rows } = await sql.query<RuleRow>(
    `SELECT ${ruleColumns} FROM rule WHERE rule_id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [ruleId],
  );
  return rows[0] && toRule(rows[0]);
}
