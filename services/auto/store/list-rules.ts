import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';
import { type RuleRow, ruleColumns, toRule } from './rule-row.ts';

/** At most `limit` rules of an account that are not deleted, newest first, older than the rule `cursor` if there is one. */
export async function listRules(
  sql: Sql,
  options: { accountId: string; cursor: string | undefined; limit: number },
): Promise<Rule[]> {
  const { rows } = await sql.query<RuleRow>(
    `SELECT ${ruleColumns} FROM rule
     WHERE account_id = $1 AND state <> 'deleted' AND ($2::uuid IS NULL OR rule_id < $2)
     ORDER BY rule_id DESC LIMIT $3`,
    [options.accountId, options.cursor, options.limit],
  );
  return rows.map(toRule);
}
