/** The times of cron schedules on the wall of their zones: what the library computes, for a clock that never changes. */
import { Cron, CronPattern } from 'croner';
import { createZoneClock, type ZoneClock } from '#platform/time/zone-clock.ts';
import { rememberLast } from './remember-last.ts';
import { type Schedule, ScheduleError } from './schedule.ts';

/** The times of a schedule in wall ms, and the clock that shows them. */
export type WallTimes = {
  clock: ZoneClock;
  /** Whether every hour of the day has runs. */
  isHourly: boolean;
  /** The first time after another. */
  next(wallMs: number): number | undefined;
  /** The last time at or before another. */
  last(wallMs: number): number | undefined;
};

const mode = '5-or-6-parts';
const hoursADay = 24;
/** Schedules and zones that are not read again, as both are costly to read. */
const rememberedMax = 256;

const clockOf = rememberLast(rememberedMax, createZoneClock);
const readTimes = rememberLast(rememberedMax, (text) => {
  const [cron = '', timeZone = ''] = text.split('\n');
  return createTimes({ cron, timeZone });
});

/** The times of a schedule that was parsed before. Throws for others. */
export function wallTimesOf({ cron, timeZone }: Schedule): WallTimes {
  return readTimes(`${cron}\n${timeZone}`);
}

/** The seconds, minutes and hours with runs, ascending. Throws ScheduleError for a text that is not understood. */
export function readTimeFields(cron: string): { seconds: number[]; minutes: number[]; hours: number[] } {
  const { second, minute, hour } = readPattern(cron);
  return { seconds: positionsOf(second), minutes: positionsOf(minute), hours: positionsOf(hour) };
}

function createTimes({ cron, timeZone }: Schedule): WallTimes {
  const times = new Cron(cron, { utcOffset: 0, mode, paused: true });
  return {
    clock: clockOf(timeZone),
    isHourly: readTimeFields(cron).hours.length === hoursADay,
    next: (wallMs) => times.nextRun(new Date(wallMs))?.getTime(),
    last: (wallMs) => times.previousRuns(1, new Date(Math.floor(wallMs / 1_000) * 1_000 + 1_000))[0]?.getTime(),
  };
}

function readPattern(cron: string): CronPattern {
  try {
    return new CronPattern(cron, undefined, { mode });
  } catch {
    throw new ScheduleError('cron', 'is not understood');
  }
}

function positionsOf(field: number[]): number[] {
  return field.flatMap((isSet, position) => (isSet ? [position] : []));
}
