/** Times of a cron text in a time zone. */
import { Cron, CronPattern } from 'croner';

/** When something recurs. */
export type Schedule = { cron: string; timeZone: string };

/** The schedule cannot be meant. The message is safe for the caller. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly field: 'cron' | 'time_zone';

  constructor(field: 'cron' | 'time_zone', message: string) {
    super(message);
    this.field = field;
  }
}

const runDistanceMinMs = 5_000;
const cronLengthMax = 100;
// "?" would mean the moment at which the text is read, so that the schedule meant another one after each restart.
const cronPattern = /^[0-9A-Za-z*,/#-]+(?: [0-9A-Za-z*,/#-]+){4,5}$/;
const timeZonePattern = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;
const mode = '5-or-6-parts';

/**
 * Reads a schedule: 5 fields (minute, hour, day of month, month, day of week) or 6 with seconds first; an empty zone is UTC.
 * Throws ScheduleError for what is not understood, never comes, or comes more often than every 5 s.
 */
export function parseSchedule(cron: string, timeZone: string, nowMs: number): Schedule {
  const schedule = { cron: cron.trim().replace(/ +/g, ' '), timeZone: timeZone === '' ? 'UTC' : timeZone };
  if (!isTimeZone(schedule.timeZone)) throw new ScheduleError('time_zone', 'is no IANA time zone');
  const pattern = readPattern(schedule);
  if (distanceMinSeconds(pattern) * 1_000 < runDistanceMinMs) {
    throw new ScheduleError('cron', 'runs must lie at least 5 s apart');
  }
  if (nextRunAfter(schedule, nowMs) === undefined) throw new ScheduleError('cron', 'never comes');
  return schedule;
}

/**
 * The first run after a time, both Unix ms; undefined when there is none. Where clocks go forward, a fixed time of day that is
 * left out runs as soon as clocks go on, and recurring times in the gap are left out; where they go back, a fixed time runs once
 * and recurring times in both hours.
 */
export function nextRunAfter(schedule: Schedule, timeMs: number): number | undefined {
  return cronOf(schedule).nextRun(new Date(timeMs))?.getTime();
}

/** The last run at or before a time, both Unix ms; undefined when there is none. */
export function lastRunUntil(schedule: Schedule, timeMs: number): number | undefined {
  const after = new Date(Math.floor(timeMs / 1_000) * 1_000 + 1_000);
  return cronOf(schedule).previousRuns(1, after)[0]?.getTime();
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
  if (cron.length > cronLengthMax) throw new ScheduleError('cron', `must be at most ${cronLengthMax} characters`);
  if (!cronPattern.test(cron)) throw new ScheduleError('cron', 'must have 5 fields, or 6 with seconds first');
  try {
    return new CronPattern(cron, timeZone, { mode });
  } catch {
    throw new ScheduleError('cron', 'is not understood');
  }
}

/** Least number of seconds between two runs, at most 60; the end of a minute counts where the next minute has runs too. */
function distanceMinSeconds({ second, minute }: CronPattern): number {
  const seconds = positionsOf(second);
  const minutes = positionsOf(minute);
  const distances = seconds.slice(1).map((value, index) => value - (seconds[index] ?? 0));
  const first = seconds[0] ?? 0;
  const last = seconds.at(-1) ?? 0;
  const minuteFollows = minutes.some((value) => minutes.includes((value + 1) % 60));
  return Math.min(60, ...distances, minuteFollows ? first + 60 - last : 60);
}

function positionsOf(field: number[]): number[] {
  return field.flatMap((isSet, position) => (isSet ? [position] : []));
}
