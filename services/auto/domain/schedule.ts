/** Schedules, independent of calendars and time zones. */

/** A cron text of 5 fields, or 6 with seconds first, and an IANA time zone. */
export type Schedule = { cron: string; timeZone: string };

/** Computes the times of schedules. Times are Unix ms; undefined when there is none. */
export type Calendar = {
  /** The first run after a time. */
  nextRunAfter(schedule: Schedule, timeMs: number): number | undefined;
  /** The last run at or before a time. */
  lastRunUntil(schedule: Schedule, timeMs: number): number | undefined;
};

/** The schedule is invalid. The message is safe for the caller. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly field: 'cron' | 'time_zone';

  constructor(field: 'cron' | 'time_zone', message: string) {
    super(message);
    this.field = field;
  }
}

const runDistanceMinSeconds = 5;
const cronLengthMax = 100;
// "?" would stand for the moment at which the text is read, so the schedule would change with each restart.
const cronPattern = /^[0-9A-Za-z*,/#-]+(?: [0-9A-Za-z*,/#-]+){4,5}$/;

/** The text with single spaces between its fields. Throws ScheduleError for a text that is not in the form of cron. */
export function normaliseCron(text: string): string {
  const cron = text.trim().replace(/ +/g, ' ');
  if (cron.length > cronLengthMax) throw new ScheduleError('cron', `must be at most ${cronLengthMax} characters`);
  if (!cronPattern.test(cron)) throw new ScheduleError('cron', 'must have 5 fields, or 6 with seconds first');
  return cron;
}

/**
 * Throws ScheduleError for runs less than 5 s apart. `seconds` and `minutes` are those with runs, 0 to 59, ascending; the step over the
 * end of a minute counts where the next minute has runs too.
 */
export function refuseTooOften({ seconds, minutes }: { seconds: number[]; minutes: number[] }): void {
  const distances = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
  const overTheMinute = (seconds[0] ?? 0) + 60 - (seconds.at(-1) ?? 0);
  const minuteFollows = minutes.some((minute) => minutes.includes((minute + 1) % 60));
  if (Math.min(...distances, minuteFollows ? overTheMinute : 60) < runDistanceMinSeconds) {
    throw new ScheduleError('cron', `runs must lie at least ${runDistanceMinSeconds} s apart`);
  }
}
