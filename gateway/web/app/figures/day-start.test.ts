import { describe, expect, it } from 'vitest';
import { atWallMs, dayEndMs, dayStartMs } from './day-start.ts';

const newYork = { name: 'America/New_York', label: 'New York' };

describe('dayStartMs', () => {
  it('is midnight of the zone, in summer and in winter', () => {
    expect(dayStartMs('2026-07-01', newYork)).toBe(Date.UTC(2026, 6, 1, 4));
    expect(dayStartMs('2026-12-01', newYork)).toBe(Date.UTC(2026, 11, 1, 5));
    expect(dayStartMs('2026-12-01', { name: 'UTC', label: 'UTC' })).toBe(Date.UTC(2026, 11, 1));
  });

  it('is none for what is no day', () => {
    for (const text of ['', 'today', '2026-1-1']) expect(dayStartMs(text, newYork)).toBeUndefined();
  });
});

describe('dayEndMs', () => {
  it('is the next midnight, also of the days on which clocks change', () => {
    const hours = ['2026-03-08', '2026-11-01', '2026-12-31'].map(
      (day) => ((dayEndMs(day, newYork) ?? 0) - (dayStartMs(day, newYork) ?? 0)) / 3_600_000,
    );
    expect(hours).toEqual([23, 25, 24]);
    expect(dayEndMs('soon', newYork)).toBeUndefined();
  });
});

describe('atWallMs', () => {
  it('is right in the hours after clocks change', () => {
    expect(atWallMs(Date.UTC(2026, 2, 8, 3), newYork)).toBe(Date.UTC(2026, 2, 8, 7));
    expect(atWallMs(Date.UTC(2026, 10, 1, 3), newYork)).toBe(Date.UTC(2026, 10, 1, 8));
  });
});
