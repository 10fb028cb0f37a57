import { describe, expect, it } from 'vitest';
import { atWallMs, dayStartMs } from './day-start.ts';

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

describe('atWallMs', () => {
  it('is right in the hours after clocks change', () => {
    expect(atWallMs(Date.UTC(2026, 2, 8, 3), newYork)).toBe(Date.UTC(2026, 2, 8, 7));
    expect(atWallMs(Date.UTC(2026, 10, 1, 3), newYork)).toBe(Date.UTC(2026, 10, 1, 8));
  });
});
