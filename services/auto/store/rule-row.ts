/** The row of a rule. */
import type { OrderDraft } from '../domain/order-draft.ts';
import type { Action, PriceTrigger, Rule, RuleState, Trigger } from '../domain/rule.ts';
import type { SliceTerms } from '../domain/slice.ts';

/** The columns of a rule, as `RuleRow` has them. */
export const ruleColumns = `rule.rule_id, rule.account_id, rule.name, rule.state, rule.cron, rule.time_zone, rule.symbol,
  rule.direction, rule.price_micros, rule.order_draft, rule.alert_note, rule.next_run_time, rule.create_time,
  rule.start_time, rule.has_begun, rule.slice_terms`;

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
  start_time: Date | null;
  has_begun: boolean;
  slice_terms: SliceTerms | null;
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
    nextRunTimeMs: nextRunOf(row)?.getTime(),
    createTimeMs: row.create_time.getTime(),
    hasBegun: row.has_begun,
  };
}

/** The columns of an action. */
export type ActionRow = Pick<RuleRow, 'order_draft' | 'alert_note' | 'slice_terms'>;

/** The action in a row. */
export function toAction({ order_draft: order, alert_note: note, slice_terms: slice }: ActionRow): Action {
  if (slice !== null) return { type: 'slice', slice };
  return order === null ? { type: 'alert', note: note ?? '' } : { type: 'order', order };
}

function nextRunOf({ state, next_run_time: nextTime, start_time: startTime, has_begun: hasBegun }: RuleRow) {
  return startTime !== null && state === 'enabled' && !hasBegun ? startTime : nextTime;
}

function toTrigger({ cron, time_zone, symbol, direction, price_micros, start_time }: RuleRow): Trigger {
  if (start_time !== null) return { type: 'once', startMs: start_time.getTime() };
  if (cron !== null && time_zone !== null) return { type: 'schedule', cron, timeZone: time_zone };
  if (symbol !== null && direction !== null && price_micros !== null) {
    return { type: 'price', symbol, direction, priceMicros: price_micros };
  }
  throw new Error('a rule without a trigger');
}
