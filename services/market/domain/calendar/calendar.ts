/** Calendars of markets: the days on which a market has a session, and the phases of each. */
import type { ZoneClock } from '#platform/time/zone-clock.ts';

/**
 * A phase of a market's day, in the order of a session:
 *
 *     pre-open -> opening-auction -> continuous -> closing-auction -> closed (until the next session)
 */
export type Phase = 'pre-open' | 'opening-auction' | 'continuous' | 'closing-auction' | 'closed';

/** All phases in the order of a session. */
export const phases: readonly Phase[] = ['pre-open', 'opening-auction', 'continuous', 'closing-auction', 'closed'];

/** The plan of one session: minutes after midnight, by the clock on the wall of the calendar's zone, at which each phase begins. */
export type SessionPlan = { isHalfDay: boolean; begins: Readonly<Record<Phase, number>> };

/** A calendar of one market or of several that agree. */
export type Calendar = {
  /** Its name in the contract, 1 to 32 characters. */
  id: string;
  /** Name for people. */
  name: string;
  /** IANA name of the time zone. */
  timeZone: string;
  /** Absent: the market trades without end and has no sessions. */
  sessions?: Sessions;
};

/** The sessions of a calendar. */
export type Sessions = {
  clock: ZoneClock;
  /** The plan of a day, in days since 1970-01-01; undefined: no session. */
  planOf(day: number): SessionPlan | undefined;
};

/** The begin of a phase. */
export type Transition = {
  /** Unix ms. */
  atMs: number;
  phase: Phase;
  /** The day of the session that the phase belongs to, in days since 1970-01-01; 0 where the market has no sessions. */
  day: number;
};

/** A session as it is listed. */
export type Session = { day: number; isHalfDay: boolean; transitions: Readonly<Record<Phase, number>> };

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** The longest that a calendar may be without a session. */
const gapDaysMax = 31;
/** Days whose transitions are not computed again: reading a zone's clock is costly. */
const rememberedDaysMax = 400;
const remembered = new WeakMap<Sessions, Map<number, readonly Transition[]>>();
const withoutEnd: Transition = { atMs: 0, phase: 'continuous', day: 0 };

/** The phase that began last at or before a time, Unix ms. */
export function phaseAt({ sessions }: Calendar, timeMs: number): Transition {
  if (sessions === undefined) return withoutEnd;
  const today = dayAt(sessions, timeMs);
  for (let day = today; day >= today - gapDaysMax; day -= 1) {
    const last = transitionsOn(sessions, day).findLast(({ atMs }) => atMs <= timeMs);
    if (last !== undefined) return last;
  }
  throw new RangeError('the calendar has no session before this time');
}

/** The next begins of phases after a time, Unix ms, the earliest first; none where the market has no sessions. */
export function transitionsAfter({ sessions }: Calendar, timeMs: number, count: number): Transition[] {
  const found: Transition[] = [];
  if (sessions === undefined) return found;
  let gapDays = 0;
  for (let day = dayAt(sessions, timeMs); found.length < count && gapDays <= gapDaysMax; day += 1) {
    const later = transitionsOn(sessions, day).filter(({ atMs }) => atMs > timeMs);
    gapDays = later.length > 0 ? 0 : gapDays + 1;
    found.push(...later);
  }
  return found.slice(0, count);
}

/** The session of a day; undefined when there is none. */
export function sessionOn({ sessions }: Calendar, day: number): Session | undefined {
  const plan = sessions?.planOf(day);
  if (sessions === undefined || plan === undefined) return undefined;
  const begins = transitionsOn(sessions, day).map(({ phase, atMs }) => [phase, atMs]);
  return { day, isHalfDay: plan.isHalfDay, transitions: Object.fromEntries(begins) };
}

/** The day that a market's wall shows at a time, Unix ms, in days since 1970-01-01; in UTC where it has no sessions. */
export function marketDayAt({ sessions }: Calendar, timeMs: number): number {
  return sessions === undefined ? Math.floor(timeMs / dayMs) : dayAt(sessions, timeMs);
}

function dayAt({ clock }: Sessions, timeMs: number): number {
  return Math.floor(clock.wallAt(timeMs) / dayMs);
}

function transitionsOn(sessions: Sessions, day: number): readonly Transition[] {
  const known = remembered.get(sessions) ?? new Map<number, readonly Transition[]>();
  remembered.set(sessions, known);
  let transitions = known.get(day);
  if (transitions === undefined) {
    transitions = computeTransitions(sessions, day);
    if (known.size >= rememberedDaysMax) known.clear();
    known.set(day, transitions);
  }
  return transitions;
}

function computeTransitions({ clock, planOf }: Sessions, day: number): readonly Transition[] {
  const plan = planOf(day);
  if (plan === undefined) return [];
  const startOf = (phase: Phase) => clock.firstMomentOf(day * dayMs + plan.begins[phase] * minuteMs);
  return phases.map((phase) => ({ atMs: startOf(phase), phase, day }));
}
