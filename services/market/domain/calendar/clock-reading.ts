import { type Calendar, phaseAt, type Transition, transitionsAfter } from './calendar.ts';

/** What a market's clock shows. */
export type ClockReading = {
  /** The phase of the moment. */
  present: Transition;
  /** Whether orders trade as they arrive. */
  isOpen: boolean;
  /** The next begin of a phase, of continuous trading, and the next close; undefined where the market has no sessions. */
  next: Transition | undefined;
  nextOpenMs: number | undefined;
  nextCloseMs: number | undefined;
};

/** A whole session, and the rest of another: enough to have each phase once. */
const aheadCount = 10;

/** Reads the clock of a market at a time, Unix ms. */
export function readClock(calendar: Calendar, timeMs: number): ClockReading {
  const present = phaseAt(calendar, timeMs);
  const ahead = transitionsAfter(calendar, timeMs, aheadCount);
  return {
    present,
    isOpen: present.phase === 'continuous',
    next: ahead[0],
    nextOpenMs: ahead.find(({ phase }) => phase === 'continuous')?.atMs,
    nextCloseMs: ahead.find(({ phase }) => phase === 'closed')?.atMs,
  };
}
