/** When an auction ends, by the calendar and by what an operator asked for. */
import { type Phase, transitionsAfter } from './calendar/calendar.ts';
import { type DayPlanInput, presentPhase } from './day-plan.ts';

const auctions: readonly Phase[] = ['opening-auction', 'closing-auction'];
/** A phase of the calendar ends by the first of its changes; an opening auction that an operator prolonged by the second at the latest. */
const changesMax = 2;

/**
 * The end, in Unix ms, of the auction in which a book is at a time; undefined: the phase is not an auction, or not the one that its day asks for.
 * The auction by which an operator resumed a book lasts until the calendar's next change at the latest.
 */
export function auctionEndOf(input: DayPlanInput, phase: Phase | undefined): number | undefined {
  if (phase === undefined || !auctions.includes(phase) || presentPhase(input).phase !== phase) return undefined;
  return changesAfter(input).find((nowMs) => presentPhase({ ...input, nowMs }).phase !== phase);
}

/** The times at which the phase may change, in Unix ms, the earliest first. */
function changesAfter({ calendar, record, nowMs }: DayPlanInput): number[] {
  const times = transitionsAfter(calendar, nowMs, changesMax).map(({ atMs }) => atMs);
  return [...times, record.reopenTimeMs ?? 0].filter((timeMs) => timeMs > nowMs).toSorted((a, b) => a - b);
}
