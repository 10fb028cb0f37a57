/** The row of a rule. */
import type { OrderDraft } from '../domain/order-draft.ts';
import type { Action, PriceTrigger, Rule, RuleState, Trigger } from '../domain/rule.ts';

/** The columns of a rule, as `RuleRow` has them. */
export const ruleColumns = `rule.rule_id, rule.account_id, rule.name, rule.state, rule.cron, rule.time_zone, rule.symbol,
  rule.direction, rule.price_micros, rule.order_draft, rule.alert_note, rule.next_run_time, rule.create_time`;

/** One row of `ruleColumns`. */
export type RuleRow = {
  rule_id: string;
  account_id: string;
  name: string;
  state: RuleState;
  cron: string | null;
  time_zone: string | null;
  symbol: string | null;
  direction: PriceTrigger['direction'] | null;
  price_micros: bigint | null;
  order_draft: OrderDraft | null;
  alert_note: string | null;
  next_run_time: Date | null;
  create_time: Date;
};

/** Reads a row. */
export function toRule(row: RuleRow): Rule {
  return {
    ruleId: row.rule_id,
    accountId: row.account_id,
    name: row.name,
    state: row.state,
    trigger: toTrigger(row),
    action: toAction(row),
    nextRunTimeMs: row.next_run_time?.getTime(),
    createTimeMs: row.create_time.getTime(),
  };
}

/** The action in a row. */
export function toAction({ order_draft, alert_note }: Pick<RuleRow, 'order_draft' | 'alert_note'>): Action {
  return order_draft === null ? { type: 'alert', note: alert_note ?? '' } : { type: 'order', order: order_draft };
}

function toTrigger({ cron, time_zone, symbol, direction, price_micros }: RuleRow): Trigger {
  if (cron !== null && time_zone !== null) return { type: 'schedule', cron, timeZone: time_zone };
  if (symbol !== null && direction !== null && price_micros !== null) {
    return { type: 'price', symbol, direction, priceMicros: price_micros };
  }
  throw new Error('a rule without a trigger');
}
