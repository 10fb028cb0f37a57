import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';

/** Stores state and next run of a locked rule; the time of what runs once is not changed. */
export async function updateRule(tx: Sql, { ruleId, state, trigger, nextRunTimeMs }: Rule): Promise<void> {
  await tx.query('UPDATE rule SET state = $2, next_run_time = $3 WHERE rule_id = $1', [
    ruleId,
    state,
    nextRunTimeMs === undefined || trigger.type === 'once' ? undefined : new Date(nextRunTimeMs),
  ]);
}
