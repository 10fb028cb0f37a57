/** Automations (rules): what triggers them, what they do, and their states. */
import type { OrderDraft } from './order-draft.ts';
import type { Calendar, Schedule } from './schedule.ts';
import type { SliceTerms } from './slice.ts';

/** Fires when the last price reaches a threshold. Prices are in millionths of the currency unit. The contract calls it a condition. */
export type PriceTrigger = { symbol: string; direction: 'at-or-above' | 'at-or-below'; priceMicros: bigint };

/** When an automation runs. */
export type Trigger =
  | ({ type: 'schedule' } & Schedule)
  | ({ type: 'price' } & PriceTrigger)
  /** Once, at a time (Unix ms); undefined only in terms that are not stored yet: at once. */
  | { type: 'once'; startMs: number | undefined };

/** What an automation does. */
export type Action =
  | { type: 'order'; order: OrderDraft }
  | { type: 'alert'; note: string }
  /** Only of what runs once. */
  | { type: 'slice'; slice: SliceTerms };

/** An automation as its owner defines it. */
export type RuleTerms = { name: string; trigger: Trigger; action: Action };

/**
 * The states of an automation.
 *
 *     enabled <-> paused                  its owner pauses and resumes it
 *     enabled -> done                     its price trigger fired, or its only run has begun; it may still be deleted
 *     enabled, paused -> done             the slice that it works has ended
 *     enabled, paused, done -> deleted    its owner deleted it; final
 */
export type RuleState = 'enabled' | 'paused' | 'done' | 'deleted';

/** One automation. Times are Unix ms; only an enabled one that is to begin a run at a known time has a next run. */
export type Rule = RuleTerms & {
  ruleId: string;
  accountId: string;
  state: RuleState;
  nextRunTimeMs: number | undefined;
  createTimeMs: number;
  /** Whether the only run of what runs once has begun. */
  hasBegun: boolean;
};

/** The most automations of one account that are not deleted. */
export const rulesPerAccountMax = 100;

/** The first run after `nowMs`, or the only one; undefined for price triggers, and for schedules without further runs. */
export function firstRun({ trigger }: RuleTerms, calendar: Calendar, nowMs: number): number | undefined {
  switch (trigger.type) {
    case 'schedule':
      return calendar.nextRunAfter(trigger, nowMs);
    case 'once':
      return trigger.startMs ?? nowMs;
    case 'price':
      return undefined;
    default:
      return trigger satisfies never;
  }
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
      if (!enabled) return rule;
      return { ...rule, state: 'enabled', nextRunTimeMs: rule.hasBegun ? undefined : firstRun(rule, calendar, nowMs) };
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
