import { describe, expect, it } from 'vitest';
import { cronCalendar, readSchedule, requireRuns } from './cron-calendar.ts';
import { ScheduleError } from './schedule.ts';

const { nextRunAfter, lastRunUntil } = cronCalendar;

const nowMs = Date.parse('2026-01-01T00:00:00Z');
const parse = (cron: string, timeZone: string) => {
  const schedule = readSchedule(cron, timeZone);
  requireRuns(schedule, nowMs);
  return schedule;
};
const zurich = (cron: string) => parse(cron, 'Europe/Zurich');
const runsAfter = (schedule: ReturnType<typeof zurich>, time: string, count: number) => {
  const runs: string[] = [];
  for (let timeMs = Date.parse(time); runs.length < count; ) {
    timeMs = nextRunAfter(schedule, timeMs) ?? Number.NaN;
    runs.push(new Date(timeMs).toISOString().slice(0, 19));
  }
  return runs;
};

describe('requireRuns', () => {
  it('takes 5 fields, or 6 with seconds first, and UTC where no zone is named', () => {
    expect(parse(' 30  9 * *   MON-FRI ', '')).toEqual({ cron: '30 9 * * MON-FRI', timeZone: 'UTC' });
    expect(zurich('*/5 * * * * *')).toEqual({ cron: '*/5 * * * * *', timeZone: 'Europe/Zurich' });
  });

  it('refuses what is not understood, or means another schedule after each restart', () => {
    for (const cron of [
      '',
      '* * * *',
      '* * * * * * *',
      '61 * * * *',
      'a b c d e',
      '@daily',
      '? 9 * * *',
      '*/0 * * * *',
    ]) {
      expect(() => zurich(cron), cron).toThrow(ScheduleError);
    }
    expect(() => zurich(`${'1,'.repeat(50)}1 * * * *`)).toThrow('at most 100');
    for (const zone of ['Mars/Base', '+01:00', 'x'.repeat(65)]) {
      expect(() => parse('* * * * *', zone)).toThrow(expect.objectContaining({ field: 'time_zone' }));
    }
  });

  it('refuses what never comes', () => {
    expect(() => zurich('0 0 30 2 *')).toThrow('never comes');
  });

  it('refuses runs less than 5 s apart, over the end of a minute too', () => {
    for (const cron of ['* * * * * *', '*/4 * * * * *', '0,30,34 * * * * *', '2,58 * * * * *', '2,58 0,59 * * * *']) {
      expect(() => zurich(cron), cron).toThrow('at least 5 s');
    }
    for (const cron of ['*/5 * * * * *', '0,55 * * * * *', '2,58 0,30 * * * *', '59 * * * * *', '* * * * *']) {
      expect(() => zurich(cron), cron).not.toThrow();
    }
  });
});

describe('cronCalendar.nextRunAfter', () => {
  it('is always after the time, to the second', () => {
    const schedule = zurich('*/5 * * * * *');
    expect(nextRunAfter(schedule, nowMs)).toBe(nowMs + 5_000);
    expect(nextRunAfter(schedule, nowMs + 4_999)).toBe(nowMs + 5_000);
  });

  it('keeps the local time of day when clocks change', () => {
    expect(runsAfter(zurich('0 9 * * *'), '2026-03-28T00:00:00Z', 2)).toEqual([
      '2026-03-28T08:00:00',
      '2026-03-29T07:00:00',
    ]);
  });

  it('runs once, as clocks go on, where they skip the time of day', () => {
    expect(runsAfter(zurich('30 2 * * *'), '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00',
      '2026-03-30T00:30:00',
    ]);
  });

  it('runs once where a time of day comes twice, and in both hours when it recurs', () => {
    expect(runsAfter(zurich('30 2 * * *'), '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00',
      '2026-10-26T01:30:00',
    ]);
    expect(runsAfter(zurich('*/30 * * * *'), '2026-10-25T00:00:00Z', 3)).toEqual([
      '2026-10-25T00:30:00',
      '2026-10-25T01:00:00',
      '2026-10-25T01:30:00',
    ]);
  });
});

describe('a list or range of times at a change of clocks', () => {
  const runsIn = (cron: string, timeZone: string, [from, until]: [string, string]) => {
    const runs: string[] = [];
    for (let timeMs = Date.parse(from); ; ) {
      timeMs = nextRunAfter({ cron, timeZone }, timeMs) ?? Number.POSITIVE_INFINITY;
      if (timeMs > Date.parse(until)) return runs;
      runs.push(new Date(timeMs).toISOString().slice(8, 16));
    }
  };

  it('runs once where it comes twice', () => {
    const night: [string, string] = ['2027-11-07T04:00Z', '2027-11-08T04:59Z'];
    expect(runsIn('0 1,13 * * *', 'America/New_York', night)).toEqual(['07T05:00', '07T18:00']);
    expect(runsIn('0,30 1 * * *', 'America/New_York', night)).toEqual(['07T05:00', '07T05:30']);
    expect(runsIn('0 1-2 * * *', 'America/New_York', night)).toEqual(['07T05:00', '07T07:00']);
    expect(runsIn('0 */2 * * *', 'Europe/Zurich', ['2026-10-24T22:00Z', '2026-10-25T05:00Z'])).toEqual([
      '25T00:00',
      '25T03:00',
      '25T05:00',
    ]);
    expect(runsIn('0 0,12 * * *', 'America/Havana', ['2027-11-07T00:00Z', '2027-11-08T04:00Z'])).toEqual([
      '07T04:00',
      '07T17:00',
    ]);
  });

  it('runs once, as clocks go on, for all that is skipped', () => {
    const night: [string, string] = ['2027-03-27T23:00Z', '2027-03-28T12:00Z'];
    for (const cron of ['30 2 28 3 *', '0,30 2 28 3 *', '*/15 2 * 3 0', '30 2 27-28 3,4 *']) {
      expect(runsIn(cron, 'Europe/Zurich', night), cron).toEqual(['28T01:00']);
    }
    expect(runsIn('30 2,3 28 3 *', 'Europe/Zurich', night)).toEqual(['28T01:00', '28T01:30']);
    expect(runsIn('0 2,3,14 28 3 *', 'Europe/Zurich', night)).toEqual(['28T01:00', '28T12:00']);
    // The day begins at one o'clock.
    expect(runsIn('0 0,12 * * *', 'America/Santiago', ['2026-09-06T00:00Z', '2026-09-07T02:00Z'])).toEqual([
      '06T04:00',
      '06T15:00',
    ]);
  });

  it('runs once on a date of which a part comes twice', () => {
    // From midnight back to eleven on the evening before; and a country that changed its offset for good.
    expect(runsIn('30 23 26,27 10 *', 'America/Nuuk', ['2024-10-26T00:00Z', '2024-10-28T12:00Z'])).toEqual([
      '27T00:30',
      '28T01:30',
    ]);
    expect(runsIn('30 23 29 2 *', 'Asia/Almaty', ['2024-02-01T00:00Z', '2024-03-02T00:00Z'])).toEqual(['29T17:30']);
  });
});

describe('cronCalendar.lastRunUntil', () => {
  it('is the run of this very moment, or the one before', () => {
    const schedule = zurich('*/5 * * * * *');
    expect(lastRunUntil(schedule, nowMs)).toBe(nowMs);
    expect(lastRunUntil(schedule, nowMs - 1)).toBe(nowMs - 5_000);
    expect(lastRunUntil(schedule, nowMs + 4_999)).toBe(nowMs);
  });
});
