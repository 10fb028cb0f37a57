/** The times of cron schedules in time zones. */

import type { ClockChange } from '#platform/time/zone-clock.ts';
import { type Calendar, normaliseCron, refuseTooOften, type Schedule, ScheduleError } from './schedule.ts';
import { readTimeFields, type WallTimes, wallTimesOf } from './wall-times.ts';

const timeZonePattern = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/**
 * The calendar of parsed schedules. A schedule that has runs in some hours of the day runs once for each of its times that a clock on the
 * wall comes to: at the first moment at which the clock shows the time or, where clocks go forward, has skipped it; times that are
 * skipped together are one run. A schedule that has runs in every hour runs whenever the clock shows one of its times: twice where clocks
 * go back, and not at what they skip.
 */
export const cronCalendar: Calendar = {
  nextRunAfter(schedule, timeMs) {
    const times = wallTimesOf(schedule);
    const wall = times.next(times.clock.latestShownUntil(timeMs));
    const first = wall === undefined ? undefined : firstRunFrom(times, wall);
    return times.isHourly ? earliest([first, repeatAfter(times, timeMs)]) : first;
  },
  lastRunUntil(schedule, timeMs) {
    const times = wallTimesOf(schedule);
    const wall = times.last(times.clock.latestShownUntil(timeMs));
    if (wall === undefined) return undefined;
    if (!times.isHourly) return times.clock.firstMomentOf(wall);
    const first = lastShownUntil(times, wall);
    return first === undefined ? undefined : (repeatUntil(times, first, timeMs) ?? first);
  },
};

/**
 * Reads a schedule: 5 fields (minute, hour, day of month, month, day of week) or 6 with seconds first; an empty zone is UTC. Throws
 * ScheduleError for a text in another form. Whether there is such a schedule says `requireRuns`.
 */
export function readSchedule(cronText: string, zoneText: string): Schedule {
  return { cron: normaliseCron(cronText), timeZone: zoneText === '' ? 'UTC' : zoneText };
}

/**
 * Throws ScheduleError for a schedule that has no run after `nowMs`, or runs more often than every 5 s, by the rules and the time zones that
 * are known at the moment.
 */
export function requireRuns(schedule: Schedule, nowMs: number): void {
  if (!isTimeZone(schedule.timeZone)) throw new ScheduleError('time_zone', 'is no IANA time zone');
  refuseTooOften(readTimeFields(schedule.cron));
  if (cronCalendar.nextRunAfter(schedule, nowMs) === undefined) throw new ScheduleError('cron', 'never comes');
}

function isTimeZone(timeZone: string): boolean {
  if (!timeZonePattern.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The first moment of a time on the wall; with runs in every hour, of the next one that is not skipped. */
function firstRunFrom({ clock, isHourly, next }: WallTimes, wallMs: number): number | undefined {
  const timeMs = clock.firstMomentOf(wallMs);
  const shown = clock.wallAt(timeMs);
  if (!isHourly || shown === wallMs) return timeMs;
  const wall = next(shown - 1);
  return wall === undefined ? undefined : clock.firstMomentOf(wall);
}

/** The first moment of the last time on the wall at or before another that was not skipped. */
function lastShownUntil({ clock, last }: WallTimes, wallMs: number): number | undefined {
  const timeMs = clock.firstMomentOf(wallMs);
  if (clock.wallAt(timeMs) === wallMs) return timeMs;
  const wall = last(clock.wallAt(timeMs - 1));
  return wall === undefined ? undefined : clock.firstMomentOf(wall);
}

/** The first time after `timeMs` that the clock shows for the second time, if it comes within a day. */
function repeatAfter({ clock, next }: WallTimes, timeMs: number): number | undefined {
  const repeats = [clock.changeUntil(timeMs), clock.changeAfter(timeMs)].map((change) => {
    if (change === undefined || !isBack(change)) return undefined;
    const wall = next(Math.max(change.atMs - 1, timeMs) + change.after);
    return wall !== undefined && wall < change.atMs + change.before ? wall - change.after : undefined;
  });
  return earliest(repeats);
}

/** The last time until `untilMs` that the clock shows for the second time, after `fromMs`, which it has shown for the first time. */
function repeatUntil({ clock, last }: WallTimes, fromMs: number, untilMs: number): number | undefined {
  const change = clock.changeAfter(fromMs);
  if (change === undefined || !isBack(change) || change.atMs > untilMs) return undefined;
  const wall = last(Math.min(untilMs + change.after, change.atMs - 1 + change.before));
  return wall !== undefined && wall >= change.atMs + change.after ? wall - change.after : undefined;
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function isBack({ before, after }: ClockChange): boolean {
  return after < before;
}
