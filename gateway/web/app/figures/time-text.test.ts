import { describe, expect, it } from 'vitest';
import { countdownText, dayText, millisOf, offsetSeconds, timestampOf, timeText, wallMillis } from './time-text.ts';

const newYork = { name: 'America/New_York', label: 'New York' };
const utc = { name: 'UTC', label: 'UTC' };
const noonMs = Date.UTC(2026, 10, 30, 17, 4, 9);

describe('timeText', () => {
  it('is in the zone, with the date once it is not today', () => {
    expect(timeText(noonMs, newYork, noonMs)).toBe('12:04:09');
    expect(timeText(noonMs, utc, noonMs, 'minutes')).toBe('17:04');
    expect(timeText(noonMs, newYork, noonMs + 86_400_000)).toBe('30 Nov 12:04:09');
    expect(timeText(undefined, utc, noonMs)).toBe('\u2013');
  });

  it('is in UTC what the browser would write', () => {
    const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const days = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 28, 3, 4, 5));
    expect(days.map((day) => dayText(day, utc))).toEqual(days.map((day) => format.format(day)));
  });
});

describe('countdownText', () => {
  it('counts to zero and stops there', () => {
    expect([42_000, 41_001, 3_725_000, 0, -5].map(countdownText)).toEqual(['0:42', '0:42', '1:02:05', '0:00', '0:00']);
  });
});

describe('offsetSeconds', () => {
  it('follows summer time', () => {
    expect(offsetSeconds(noonMs, newYork)).toBe(-5 * 3_600);
    expect(offsetSeconds(Date.UTC(2026, 6, 1), newYork)).toBe(-4 * 3_600);
    expect(offsetSeconds(noonMs + 250, utc)).toBe(0);
  });
});

describe('wallMillis', () => {
  it('is the moment at which clocks of the zone show it, on both sides of a change', () => {
    expect(wallMillis('2026-11-30T12:04:09', newYork)).toBe(noonMs);
    expect(wallMillis('2026-10-31T22:00', newYork)).toBe(Date.UTC(2026, 10, 1, 2));
    expect(wallMillis('2026-11-01T09:30', newYork)).toBe(Date.UTC(2026, 10, 1, 14, 30));
    expect(wallMillis('', newYork)).toBeUndefined();
    expect(wallMillis('2026-11-30', newYork)).toBeUndefined();
  });
});

describe('timestampOf', () => {
  it('is read back by millisOf', () => {
    expect(millisOf({ $typeName: 'google.protobuf.Timestamp', ...timestampOf(1_234_567) })).toBe(1_234_567);
  });
});
