import type { Sql } from '#platform/postgres/sql.ts';
import type { Rule } from '../domain/rule.ts';

/**
 * Stores a new rule. Returns false, and stores nothing, when its account has `countMax` already. Belongs into a transaction: inserts for
 * one account are serialized.
 */
export async function insertRule(tx: Sql, rule: Rule, countMax: number): Promise<boolean> {
  const { accountId, trigger, action } = rule;
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [accountId]);
  const schedule = trigger.type === 'schedule' ? trigger : undefined;
  const price = trigger.type === 'price' ? trigger : undefined;
  const startMs = trigger.type === 'once' ? trigger.startMs : undefined;
  const { rowCount } = await tx.query(
    `INSERT INTO rule (rule_id, account_id, name, state, cron, time_zone, symbol, direction, price_micros, order_draft,
       alert_note, next_run_time, create_time, start_time, slice_terms)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $15, $16::jsonb
     WHERE (SELECT count(*) FROM rule WHERE account_id = $2 AND state <> 'deleted') < $14`,
    [
      rule.ruleId,
      accountId,
      rule.name,
      rule.state,
      schedule?.cron,
      schedule?.timeZone,
      price?.symbol,
      price?.direction,
      price?.priceMicros,
      action.type === 'order' ? JSON.stringify(action.order) : undefined,
      action.type === 'alert' ? action.note : undefined,
      schedule === undefined ? undefined : timeOf(rule.nextRunTimeMs),
      new Date(rule.createTimeMs),
      countMax,
      timeOf(startMs),
      action.type === 'slice' ? JSON.stringify(action.slice) : undefined,
    ],
  );
  return rowCount === 1;
}

function timeOf(timeMs: number | undefined): Date | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs);
}
