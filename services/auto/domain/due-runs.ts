/** Which runs of a schedule are due, also after a time in which no replica was up. */
import type { Calendar, Schedule } from './schedule.ts';

/** How late a run may begin, and be tried, at most. Later ones are missed. */
export const graceMs = 60_000;

/** The due runs of a rule. Times are Unix ms. */
export type DueRuns = {
  /** The run to carry out; undefined when there is none. */
  runTimeMs: number | undefined;
  /** Runs that are not carried out: the last of them, and their number, counted up to 100. */
  missed: { lastTimeMs: number; count: number; isCountExact: boolean } | undefined;
  /** The next run; undefined when the schedule has none. */
  nextTimeMs: number | undefined;
};

/** A schedule whose next run is planned for `plannedTimeMs`, at or before `nowMs`. */
export type Planned = { schedule: Schedule; plannedTimeMs: number; nowMs: number };

const countMax = 100;

/** The latest run is due when it is at most a minute late; those before it, or all when it is later, are missed. */
export function dueRuns(calendar: Calendar, { schedule, plannedTimeMs, nowMs }: Planned): DueRuns {
  const nextTimeMs = calendar.nextRunAfter(schedule, nowMs);
  const lastTimeMs = Math.max(plannedTimeMs, calendar.lastRunUntil(schedule, nowMs) ?? plannedTimeMs);
  if (nowMs - lastTimeMs > graceMs) {
    return {
      runTimeMs: undefined,
      missed: missedRuns(calendar, schedule, { fromMs: plannedTimeMs, untilMs: lastTimeMs }),
      nextTimeMs,
    };
  }
  return {
    runTimeMs: lastTimeMs,
    missed: missedRuns(calendar, schedule, { fromMs: plannedTimeMs, untilMs: lastTimeMs - 1 }),
    nextTimeMs,
  };
}

/** The runs from `fromMs`, which is the time of one, to `untilMs`. */
function missedRuns(
  calendar: Calendar,
  schedule: Schedule,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): DueRuns['missed'] {
  if (fromMs > untilMs) return undefined;
  let count = 0;
  let timeMs: number | undefined = fromMs;
  for (
    ;
    timeMs !== undefined && timeMs <= untilMs && count < countMax;
    timeMs = calendar.nextRunAfter(schedule, timeMs)
  )
    count += 1;
  const isCountExact = timeMs === undefined || timeMs > untilMs;
  return { lastTimeMs: Math.max(fromMs, calendar.lastRunUntil(schedule, untilMs) ?? fromMs), count, isCountExact };
}
