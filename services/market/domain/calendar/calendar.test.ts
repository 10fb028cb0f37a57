import { describe, expect, it } from 'vitest';
import { type Phase, phaseAt, phases, sessionOn, transitionsAfter } from './calendar.ts';
import { alwaysOpen, calendarOf } from './calendars.ts';
import { dateText, easterSunday, parseDate } from './dates.ts';
import { newYork } from './new-york.ts';
import { createSlowMarket } from './testing/slow-market.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const [fromMs, untilMs] = [Date.parse('2024-01-02T14:30Z'), Date.parse('2030-12-31T22:00Z')];
const at = (text: string) => Date.parse(text);
const phaseText = (timeMs: number) => {
  const { phase, day } = phaseAt(newYork, timeMs);
  return `${phase} ${dateText(day)}`;
};
const nextTexts = (text: string, count: number) =>
  transitionsAfter(newYork, at(text), count).map(({ atMs, phase }) => `${phase} ${new Date(atMs).toISOString()}`);

describe('phaseAt', () => {
  it('agrees with a slow model in each minute in which a phase could begin, and in those before, from 2024 to 2030', {
    timeout: 120_000,
  }, () => {
    const slow = createSlowMarket();
    const wrong: string[] = [];
    for (let timeMs = fromMs; timeMs < untilMs; timeMs += 30 * minuteMs) {
      // At night, by any offset of New York, each hour is looked at once.
      const isNight = new Date(timeMs).getUTCHours() < 10 || new Date(timeMs).getUTCHours() > 21;
      for (const minute of isNight ? [0] : [0, 27, 28, 29]) {
        const shownMs = timeMs + minute * minuteMs + (minute % 2 === 1 ? minuteMs - 1 : 0);
        const [found, wanted] = [phaseText(shownMs), slow.phaseAt(shownMs)];
        if (found !== wanted) wrong.push(`${new Date(shownMs).toISOString()}: ${found}, not ${wanted}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is continuous at any time where the market has no sessions', () => {
    for (const timeMs of [0, fromMs, untilMs]) expect(phaseAt(alwaysOpen, timeMs).phase).toBe('continuous');
    expect(transitionsAfter(alwaysOpen, fromMs, 5)).toEqual([]);
  });
});

describe('transitionsAfter', () => {
  it('finds exactly the changes of the phase, in order, through all seven years', () => {
    let timeMs = fromMs;
    let before = phaseText(timeMs);
    let sessions = 0;
    while (timeMs < untilMs) {
      const [next] = transitionsAfter(newYork, timeMs, 1);
      expect(next?.atMs).toBeGreaterThan(timeMs);
      timeMs = next?.atMs ?? untilMs;
      expect(phaseText(timeMs - 1)).toBe(before);
      before = `${next?.phase} ${dateText(next?.day ?? 0)}`;
      expect(phaseText(timeMs)).toBe(before);
      if (next?.phase === 'continuous') sessions += 1;
    }
    expect(sessions).toBe(createSlowMarket().sessionCount('2024-01-03', '2030-12-31'));
  });

  it('opens at 9:30 of the wall on both sides of the nights in which clocks change', () => {
    expect(nextTexts('2026-03-06T12:00Z', 10).filter((text) => text.startsWith('continuous'))).toEqual([
      'continuous 2026-03-06T14:30:00.000Z',
      'continuous 2026-03-09T13:30:00.000Z',
    ]);
    expect(nextTexts('2026-10-30T12:00Z', 10).filter((text) => text.startsWith('continuous'))).toEqual([
      'continuous 2026-10-30T13:30:00.000Z',
      'continuous 2026-11-02T14:30:00.000Z',
    ]);
  });

  it('closes early on a half day and passes over a holiday', () => {
    expect(nextTexts('2026-11-25T21:00Z', 5)).toEqual([
      'pre-open 2026-11-27T11:30:00.000Z',
      'opening-auction 2026-11-27T14:28:00.000Z',
      'continuous 2026-11-27T14:30:00.000Z',
      'closing-auction 2026-11-27T17:58:00.000Z',
      'closed 2026-11-27T18:00:00.000Z',
    ]);
  });

  it('gives the same in one run as in steps of any length', () => {
    const all = transitionsAfter(newYork, fromMs, 100);
    const parts = [];
    for (let timeMs = fromMs; parts.length < 100; timeMs += 7 * hourMs) {
      parts.push(...transitionsAfter(newYork, timeMs, 9).filter(({ atMs }) => atMs <= timeMs + 7 * hourMs));
    }
    expect(parts.slice(0, 100)).toEqual(all);
  });
});

describe('sessionOn', () => {
  it('has the phases of a day in order, and none on a weekend or a holiday', () => {
    const session = sessionOn(newYork, parseDate('2026-12-24') as number);
    expect(session?.isHalfDay).toBe(true);
    const begins = phases.map((phase: Phase) => session?.transitions[phase] ?? 0);
    expect(begins).toEqual(begins.toSorted((a, b) => a - b));
    for (const date of ['2026-12-25', '2026-12-26', '2025-01-09']) {
      expect(sessionOn(newYork, parseDate(date) as number)).toBeUndefined();
    }
  });
});

describe('dates', () => {
  it('reads dates that exist only, and knows Easter', () => {
    expect(['2026-02-29', '2026-2-1', '2026-13-01', 'today', ''].map(parseDate)).toEqual(Array(5).fill(undefined));
    expect(dateText(parseDate('2028-02-29') as number)).toBe('2028-02-29');
    const sundays = { 1961: '04-02', 2000: '04-23', 2024: '03-31', 2038: '04-25', 2100: '03-28' };
    for (const [year, date] of Object.entries(sundays))
      expect(dateText(easterSunday(Number(year)))).toBe(`${year}-${date}`);
  });
});

describe('calendarOf', () => {
  it('knows the shipped calendars by name', () => {
    expect(calendarOf('XNYS')).toBe(newYork);
    expect(calendarOf('24x7')).toBe(alwaysOpen);
    expect(calendarOf('xnys')).toBeUndefined();
  });
});
