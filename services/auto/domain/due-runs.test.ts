import { describe, expect, it } from 'vitest';
import { dueRuns } from './due-runs.ts';
import type { Calendar, Schedule } from './schedule.ts';

const every5s = { cron: '5000', timeZone: 'UTC' };
const hourly = { cron: '3600000', timeZone: 'UTC' };
// Here a schedule is the number of milliseconds between its runs.
const stepOf = ({ cron }: Schedule) => Number(cron);
const calendar: Calendar = {
  nextRunAfter: (schedule, timeMs) => (Math.floor(timeMs / stepOf(schedule)) + 1) * stepOf(schedule),
  lastRunUntil: (schedule, timeMs) => Math.floor(timeMs / stepOf(schedule)) * stepOf(schedule),
};
const dueOf = (schedule: Schedule, plannedTimeMs: number, nowMs: number) =>
  dueRuns(calendar, { schedule, plannedTimeMs, nowMs });
const atMs = Date.parse('2026-01-01T12:00:00Z');

describe('dueRuns', () => {
  it('runs what is due now and plans the next', () => {
    expect(dueOf(every5s, atMs, atMs + 200)).toEqual({
      runTimeMs: atMs,
      missed: undefined,
      nextTimeMs: atMs + 5_000,
    });
  });

  it('runs the latest within the grace; those before it are missed', () => {
    expect(dueOf(every5s, atMs, atMs + 21_000)).toEqual({
      runTimeMs: atMs + 20_000,
      missed: { lastTimeMs: atMs + 15_000, count: 4, isCountExact: true },
      nextTimeMs: atMs + 25_000,
    });
  });

  it('still runs what is a minute late, and no longer', () => {
    expect(dueOf(hourly, atMs, atMs + 60_000).runTimeMs).toBe(atMs);
    expect(dueOf(hourly, atMs, atMs + 60_001)).toEqual({
      runTimeMs: undefined,
      missed: { lastTimeMs: atMs, count: 1, isCountExact: true },
      nextTimeMs: atMs + 3_600_000,
    });
  });

  it('counts what was missed within a bound, after any time', () => {
    const weekMs = 7 * 24 * 3_600_000;
    expect(dueOf(every5s, atMs, atMs + weekMs)).toEqual({
      runTimeMs: atMs + weekMs,
      missed: { lastTimeMs: atMs + weekMs - 5_000, count: 100, isCountExact: false },
      nextTimeMs: atMs + weekMs + 5_000,
    });
    expect(dueOf(hourly, atMs, atMs + 3 * 3_600_000 + 120_000).missed).toEqual({
      lastTimeMs: atMs + 3 * 3_600_000,
      count: 4,
      isCountExact: true,
    });
  });
});
