import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  RuleState as ContractState,
  type PriceConditionSchema,
  PriceDirection,
  type RuleSchema,
} from '#gen/outcry/auto/v1/auto_pb.ts';
import { formatDecimal, PRICE_SCALE } from '#platform/money/decimal.ts';
import type { Action, PriceTrigger, Rule, RuleState, Trigger } from '../../domain/rule.ts';
import { toOrderTerms } from './order-terms.ts';
import { toSlice } from './slice-message.ts';

const states = {
  enabled: ContractState.ENABLED,
  paused: ContractState.PAUSED,
  done: ContractState.DONE,
  deleted: ContractState.DELETED,
} satisfies Record<RuleState, ContractState>;

/** The message of a rule. */
export function toRuleMessage(rule: Rule): MessageInitShape<typeof RuleSchema> {
  const { ruleId, accountId, name, trigger, action, state, nextRunTimeMs, createTimeMs } = rule;
  return {
    ruleId,
    accountId,
    terms: { name, trigger: toTrigger(trigger), action: toAction(action) },
    state: states[state],
    nextRunTime: nextRunTimeMs === undefined ? undefined : timestampFromMs(nextRunTimeMs),
    createTime: timestampFromMs(createTimeMs),
  };
}

/** The message of a price trigger. */
export function toPriceCondition(trigger: PriceTrigger): MessageInitShape<typeof PriceConditionSchema> {
  const { symbol, direction, priceMicros } = trigger;
  return {
    symbol,
    direction: direction === 'at-or-above' ? PriceDirection.AT_OR_ABOVE : PriceDirection.AT_OR_BELOW,
    price: formatPrice(priceMicros),
  };
}

/** A price of millionths as text, with at least 2 decimals. */
export function formatPrice(priceMicros: bigint): string {
  return formatDecimal(priceMicros, PRICE_SCALE, 2);
}

function toTrigger(trigger: Trigger) {
  switch (trigger.type) {
    case 'price':
      return { case: 'condition' as const, value: toPriceCondition(trigger) };
    case 'schedule':
      return { case: 'schedule' as const, value: { cron: trigger.cron, timeZone: trigger.timeZone } };
    case 'once': {
      const { startMs } = trigger;
      return {
        case: 'once' as const,
        value: { startTime: startMs === undefined ? undefined : timestampFromMs(startMs) },
      };
    }
    default:
      return trigger satisfies never;
  }
}

function toAction(action: Action) {
  switch (action.type) {
    case 'alert':
      return { case: 'alert' as const, value: { note: action.note } };
    case 'order':
      return { case: 'order' as const, value: toOrderTerms(action.order) };
    case 'slice':
      return { case: 'slice' as const, value: toSlice(action.slice) };
    default:
      return action satisfies never;
  }
}
