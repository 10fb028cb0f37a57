/** The times of cron schedules in time zones. */
import { Cron, CronPattern } from 'croner';
import { type Calendar, normaliseCron, refuseTooOften, type Schedule, ScheduleError } from './schedule.ts';

const mode = '5-or-6-parts';
const timeZonePattern = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/**
 * The calendar of parsed schedules. Where clocks go forward, a fixed time of day in the gap runs at its end, and recurring times in the
 * gap are skipped; where they go back, a fixed time runs once and recurring times in both hours.
 */
export const cronCalendar: Calendar = {
  nextRunAfter: (schedule, timeMs) => cronOf(schedule).nextRun(new Date(timeMs))?.getTime(),
  lastRunUntil(schedule, timeMs) {
    const after = new Date(Math.floor(timeMs / 1_000) * 1_000 + 1_000);
    return cronOf(schedule).previousRuns(1, after)[0]?.getTime();
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
  const { second, minute } = readPattern(schedule);
  refuseTooOften({ seconds: positionsOf(second), minutes: positionsOf(minute) });
  if (cronCalendar.nextRunAfter(schedule, nowMs) === undefined) throw new ScheduleError('cron', 'never comes');
}

function cronOf({ cron, timeZone }: Schedule): Cron {
  return new Cron(cron, { timezone: timeZone, mode, paused: true });
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

function readPattern({ cron, timeZone }: Schedule): CronPattern {
  try {
    return new CronPattern(cron, timeZone, { mode });
  } catch {
    throw new ScheduleError('cron', 'is not understood');
  }
}

function positionsOf(field: number[]): number[] {
  return field.flatMap((isSet, position) => (isSet ? [position] : []));
}
