/** Automations: what triggers them, what they do, and how they stand. */
import type { OrderDraft } from './order-draft.ts';
import type { Calendar, Schedule } from './schedule.ts';

/** A price that is waited for. Prices are in millionths of the currency unit. */
export type Condition = { symbol: string; direction: 'at-or-above' | 'at-or-below'; priceMicros: bigint };

/** When an automation runs. */
export type Trigger = ({ type: 'schedule' } & Schedule) | ({ type: 'condition' } & Condition);

/** What an automation does. */
export type Action = { type: 'order'; order: OrderDraft } | { type: 'alert'; note: string };

/** What is arranged. */
export type RuleTerms = { name: string; trigger: Trigger; action: Action };

/**
 * How an automation stands.
 *
 *     enabled <-> paused              its owner pauses and resumes it
 *     enabled -> done                 a condition came true; final but for its end
 *     enabled, paused, done -> deleted    its owner ended it; final
 */
export type RuleState = 'enabled' | 'paused' | 'done' | 'deleted';

/** One automation. Times are Unix ms; only an enabled schedule has a next run. */
export type Rule = RuleTerms & {
  ruleId: string;
  accountId: string;
  state: RuleState;
  nextRunTimeMs: number | undefined;
  createTimeMs: number;
};

/** Automations of one account that are not deleted. */
export const rulesPerAccountMax = 100;

/** When the terms run next, looked at from `nowMs`; undefined for conditions, and for schedules that are over. */
export function firstRun({ trigger }: RuleTerms, calendar: Calendar, nowMs: number): number | undefined {
  return trigger.type === 'schedule' ? calendar.nextRunAfter(trigger, nowMs) : undefined;
}

/** The rule after its owner paused or resumed it at `nowMs`; the same object when that changes nothing; undefined: it cannot be resumed. */
export function setEnabled(
  rule: Rule,
  enabled: boolean,
  { calendar, nowMs }: { calendar: Calendar; nowMs: number },
): Rule | undefined {
  switch (rule.state) {
    case 'enabled':
      return enabled ? rule : { ...rule, state: 'paused', nextRunTimeMs: undefined };
    case 'paused':
      return enabled ? { ...rule, state: 'enabled', nextRunTimeMs: firstRun(rule, calendar, nowMs) } : rule;
    case 'done':
      return enabled ? undefined : rule;
    case 'deleted':
      return undefined;
    default:
      return rule.state satisfies never;
  }
}

/** Whether the last price makes the condition true. */
export function isMet({ direction, priceMicros }: Condition, lastPriceMicros: bigint): boolean {
  return direction === 'at-or-above' ? lastPriceMicros >= priceMicros : lastPriceMicros <= priceMicros;
}

/** The terms in one text: equal for terms that mean the same. */
export function fingerprintOf({ name, trigger, action }: RuleTerms): string {
  return JSON.stringify([name, trigger, action], (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}
