import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type RuleTerms as ContractTerms,
  type Once,
  type PriceCondition,
  PriceDirection,
  type Schedule,
} from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { PRICE_SCALE } from '#platform/money/decimal.ts';
import { readDecimal, readLine, readSymbol } from '#platform/validation/request-fields.ts';
import { readSchedule, requireRuns } from '../../domain/cron-calendar.ts';
import { graceMs } from '../../domain/due-runs.ts';
import type { Action, RuleTerms, Trigger } from '../../domain/rule.ts';
import { ScheduleError } from '../../domain/schedule.ts';
import { fromOrderTerms } from './order-terms.ts';
import { readSlice } from './slice-message.ts';

// A thousand million currency units: more than any price, and its millionths fit a 64-bit integer by far.
const priceMaxMicros = 10n ** 15n;
/** How far ahead something may be arranged that runs once. */
const aheadMaxMs = 366 * 24 * 3_600_000;

/**
 * Reads the terms of an automation. Throws INVALID_ARGUMENT, with reason SCHEDULE_INVALID for a schedule in another form. It says nothing of
 * what is true at the moment only: see `requirePossible`.
 */
export function readTerms(terms: ContractTerms | undefined): RuleTerms {
  if (terms === undefined) throw invalidArgument('terms', 'is required');
  const name = readLine('terms.name', terms.name, { min: 1, max: 80 });
  const trigger = readTrigger(terms.trigger);
  return { name, trigger, action: readAction(terms.action, trigger) };
}

/**
 * Throws INVALID_ARGUMENT, with reason SCHEDULE_INVALID for a schedule that never comes or comes too often, and for a start that is past or too
 * far ahead.
 */
export function requirePossible({ trigger }: RuleTerms, nowMs: number): void {
  if (trigger.type === 'schedule') refuseInvalid(() => requireRuns(trigger, nowMs));
  if (trigger.type !== 'once' || trigger.startMs === undefined) return;
  const { startMs } = trigger;
  if (startMs < nowMs - graceMs) throw invalidArgument('terms.once.start_time', 'is past');
  if (startMs > nowMs + aheadMaxMs) throw invalidArgument('terms.once.start_time', 'must be at most 366 days ahead');
}

function readTrigger(trigger: ContractTerms['trigger']): Trigger {
  switch (trigger.case) {
    case 'schedule':
      return toSchedule(trigger.value);
    case 'condition':
      return readPriceTrigger(trigger.value);
    case 'once':
      return readOnce(trigger.value);
    default:
      throw invalidArgument('terms.schedule', 'schedule, condition or once is required');
  }
}

function toSchedule({ cron, timeZone }: Schedule): Trigger {
  return { type: 'schedule', ...refuseInvalid(() => readSchedule(cron, timeZone)) };
}

function refuseInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw invalidArgument(`terms.schedule.${error.field}`, error.message, ErrorReason.SCHEDULE_INVALID);
  }
}

function readPriceTrigger({ symbol, direction, price }: PriceCondition): Trigger {
  if (direction !== PriceDirection.AT_OR_ABOVE && direction !== PriceDirection.AT_OR_BELOW) {
    throw invalidArgument('terms.condition.direction', 'must be AT_OR_ABOVE or AT_OR_BELOW');
  }
  return {
    type: 'price',
    symbol: readSymbol('terms.condition.symbol', symbol),
    direction: direction === PriceDirection.AT_OR_ABOVE ? 'at-or-above' : 'at-or-below',
    priceMicros: readDecimal('terms.condition.price', price, PRICE_SCALE, { min: 1n, max: priceMaxMicros }),
  };
}

function readOnce({ startTime }: Once): Trigger {
  if (startTime === undefined) return { type: 'once', startMs: undefined };
  const startMs = timestampMs(startTime);
  if (startTime.nanos % 1_000_000 === 0 && Number.isSafeInteger(startMs)) return { type: 'once', startMs };
  throw invalidArgument('terms.once.start_time', 'must be a time in whole milliseconds');
}

function readAction(action: ContractTerms['action'], trigger: Trigger): Action {
  switch (action.case) {
    case 'order':
      return { type: 'order', order: fromOrderTerms(action.value, 'terms.order') };
    case 'alert':
      if (trigger.type !== 'price') throw invalidArgument('terms.alert', 'is only for conditions');
      return { type: 'alert', note: readLine('terms.alert.note', action.value.note, { min: 0, max: 200 }) };
    case 'slice':
      if (trigger.type !== 'once') throw invalidArgument('terms.slice', 'is only for what runs once');
      return { type: 'slice', slice: readSlice(action.value) };
    default:
      throw invalidArgument('terms.order', 'order, alert or slice is required');
  }
}
