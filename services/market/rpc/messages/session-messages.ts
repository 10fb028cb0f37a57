/** From calendars to the messages of the contract. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CalendarClockSchema, TradingSessionSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { type Calendar, type Phase, phases, type Session } from '../../domain/calendar/calendar.ts';
import type { ClockReading } from '../../domain/calendar/clock-reading.ts';
import { dateText } from '../../domain/calendar/dates.ts';
import type { DayStep } from '../../domain/day-plan.ts';

const states: Record<Phase, TradingState> = {
  'pre-open': TradingState.PRE_OPEN,
  'opening-auction': TradingState.OPENING_AUCTION,
  continuous: TradingState.CONTINUOUS,
  'closing-auction': TradingState.CLOSING_AUCTION,
  closed: TradingState.CLOSED,
};

/** The state of a book in a phase. */
export function stateOf(phase: Phase): TradingState {
  return states[phase];
}

/** The state of a book after a step of its day. */
export function stateOfStep(phase: DayStep['phase']): TradingState {
  return phase === 'halted' ? TradingState.HALTED : states[phase];
}

/** The phase in which a book has this state; undefined for a state of no phase. */
export function phaseOf(state: TradingState): Phase | undefined {
  return phases.find((phase) => states[phase] === state);
}

/** What a calendar's clock shows. */
export function calendarClockOf(
  calendar: Calendar,
  reading: ClockReading,
): MessageInitShape<typeof CalendarClockSchema> {
  const { id, name, timeZone } = calendar;
  const { present, isOpen, next, nextOpenMs, nextCloseMs } = reading;
  const clock = { calendar: id, name, timeZone, isOpen, phase: stateOf(present.phase) };
  if (next === undefined) return clock;
  return {
    ...clock,
    phaseStartTime: timestampFromMs(present.atMs),
    nextPhase: stateOf(next.phase),
    nextPhaseTime: timestampFromMs(next.atMs),
    nextOpenTime: timeOf(nextOpenMs),
    nextCloseTime: timeOf(nextCloseMs),
    sessionDate: dateText(present.day),
  };
}

/** A session by date. */
export function sessionMessageOf({
  day,
  isHalfDay,
  transitions,
}: Session): MessageInitShape<typeof TradingSessionSchema> {
  return {
    date: dateText(day),
    preOpenTime: timestampFromMs(transitions['pre-open']),
    openingAuctionTime: timestampFromMs(transitions['opening-auction']),
    openTime: timestampFromMs(transitions.continuous),
    closingAuctionTime: timestampFromMs(transitions['closing-auction']),
    closeTime: timestampFromMs(transitions.closed),
    halfDay: isHalfDay,
  };
}

function timeOf(timeMs: number | undefined) {
  return timeMs === undefined ? undefined : timestampFromMs(timeMs);
}
