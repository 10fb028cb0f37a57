/** What is next in the day of a book: pure, so that any replica finds the same command under the same id. */
import { type Calendar, type Phase, phaseAt, sessionOn } from './calendar/calendar.ts';
import { dateText } from './calendar/dates.ts';

/** Where the day of a book stands. */
export type DayRecord = {
  /** The last change of phase that the exchange has carried out; undefined: none yet. */
  driven: { day: number; resumptions: number; phase: Phase } | undefined;
  /** The key of an operator's halt that is in force. */
  haltKey: string | undefined;
  /** How often operators resumed the book. */
  resumptions: number;
  /** Until when the book that was resumed last collects orders before it trades, Unix ms. */
  reopenTimeMs: number | undefined;
};

/** A change of a book's state, and the id of its command, which is the same for every replica that computes it. */
export type DayStep = { commandId: string; day: number; resumptions: number; phase: Phase | 'halted' };

/** The state that a book should have, and the step that is next on the way to it; undefined: it was driven there. */
export type DayPlan = { target: DayStep; next: DayStep | undefined };

/** What a plan is made of. `nowMs` is the market's time, Unix ms. */
export type DayPlanInput = { symbol: string; calendar: Calendar; record: DayRecord; nowMs: number };

/** The record of a book that was never driven. */
export const emptyDay: DayRecord = {
  driven: undefined,
  haltKey: undefined,
  resumptions: 0,
  reopenTimeMs: undefined,
};

/** A closing auction that was missed is held up to this long after the close; later the book closes without it. */
export const lateAuctionMaxMs = 3_600_000;

/**
 * Plans the day of a book. An operator's halt outranks the schedule. After a pause of any length a book goes straight to the phase of the
 * moment, except that a session which has ended meanwhile is closed first, so that its orders of the day end; it is held its closing auction
 * too unless that is long past or a halt lay between.
 */
export function planDay(input: DayPlanInput): DayPlan {
  const { record } = input;
  const { haltKey, resumptions } = record;
  if (haltKey !== undefined) {
    const halt: DayStep = { commandId: haltKey, day: record.driven?.day ?? 0, resumptions, phase: 'halted' };
    return { target: halt, next: undefined };
  }
  const present = presentPhase(input);
  const target = stepTo(input, present);
  const { driven } = record;
  const isThere =
    driven?.day === present.day && driven.phase === present.phase && driven.resumptions === record.resumptions;
  return { target, next: isThere ? undefined : stepTo(input, endOfSession(input, present) ?? present) };
}

/** The id of a command that repeats a state which a later change has undone; `sequence` is the feed's of that change. */
export function repeatedId(symbol: string, phase: DayStep['phase'], sequence: bigint): string {
  return `day:${symbol}:again:${phase}:${sequence}`;
}

/** A phase of a day, in days since 1970-01-01. */
export type PhaseOfDay = { day: number; phase: Phase };

/** The phase in which a book should be, an operator's halt left aside. */
export function presentPhase({ calendar, record, nowMs }: DayPlanInput): PhaseOfDay {
  const { day, phase } = phaseAt(calendar, nowMs);
  const isReopening = phase === 'continuous' && nowMs < (record.reopenTimeMs ?? 0);
  return { day, phase: isReopening ? 'opening-auction' : phase };
}

/** What is left to do of the session in which the book was driven last, when that is over. */
function endOfSession({ calendar, record, nowMs }: DayPlanInput, present: PhaseOfDay): PhaseOfDay | undefined {
  const { driven } = record;
  if (driven === undefined || driven.phase === 'closed') return undefined;
  const { day, phase } = driven;
  const session = sessionOn(calendar, day);
  if (session === undefined || (day === present.day && present.phase !== 'closed')) return undefined;
  const isInTime = nowMs - session.transitions.closed <= lateAuctionMaxMs && driven.resumptions === record.resumptions;
  if (phase !== 'closing-auction' && isInTime) return { day, phase: 'closing-auction' };
  return day === present.day ? undefined : { day, phase: 'closed' };
}

function stepTo({ symbol, record }: DayPlanInput, { day, phase }: PhaseOfDay): DayStep {
  const { resumptions } = record;
  const name = `day:${symbol}:${dateText(day)}:${phase}`;
  return { commandId: resumptions === 0 ? name : `${name}:${resumptions}`, day, resumptions, phase };
}
