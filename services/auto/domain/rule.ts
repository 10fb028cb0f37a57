/** Automations (rules): what triggers them, what they do, and their states. */
import type { OrderDraft } from './order-draft.ts';
import type { Calendar, Schedule } from './schedule.ts';

/** Fires when the last price reaches a threshold. Prices are in millionths of the currency unit. The contract calls it a condition. */
export type PriceTrigger = { symbol: string; direction: 'at-or-above' | 'at-or-below'; priceMicros: bigint };

/** When an automation runs. */
export type Trigger = ({ type: 'schedule' } & Schedule) | ({ type: 'price' } & PriceTrigger);

/** What an automation does. */
export type Action = { type: 'order'; order: OrderDraft } | { type: 'alert'; note: string };

/** An automation as its owner defines it. */
export type RuleTerms = { name: string; trigger: Trigger; action: Action };

/**
 * The states of an automation.
 *
 *     enabled <-> paused                  its owner pauses and resumes it
 *     enabled -> done                     its price trigger fired; it may still be deleted
 *     enabled, paused, done -> deleted    its owner deleted it; final
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

/** The most automations of one account that are not deleted. */
export const rulesPerAccountMax = 100;

/** The first run after `nowMs`; undefined for price triggers, and for schedules without further runs. */
export function firstRun({ trigger }: RuleTerms, calendar: Calendar, nowMs: number): number | undefined {
  return trigger.type === 'schedule' ? calendar.nextRunAfter(trigger, nowMs) : undefined;
}

/** The rule after its owner paused or resumed it at `nowMs`: the same object when nothing changes, undefined when it cannot be resumed. */
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

/** The terms in one text, equal for equal terms. It is stored with idempotency keys, in which a price trigger is a condition. */
export function fingerprintOf({ name, trigger, action }: RuleTerms): string {
  const stored = trigger.type === 'price' ? { ...trigger, type: 'condition' } : trigger;
  return JSON.stringify([name, stored, action], (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}
