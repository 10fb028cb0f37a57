import { describe, expect, it } from 'vitest';
import { growthRates, mibPerHour } from './growth-rate.ts';

const bytesPerMib = 1_024 * 1_024;

describe('mibPerHour', () => {
  it('extrapolates to an hour', () => {
    expect(mibPerHour(10 * bytesPerMib, 12 * bytesPerMib, 120_000)).toBe(60);
    expect(mibPerHour(12 * bytesPerMib, 10 * bytesPerMib, 3_600_000)).toBe(-2);
  });
});

describe('growthRates', () => {
  it('lists what grew most first, and counts what is new in full', () => {
    const before = new Map([
      ['still', 5 * bytesPerMib],
      ['grown', 5 * bytesPerMib],
    ]);
    const after = new Map([
      ['still', 5 * bytesPerMib],
      ['grown', 6 * bytesPerMib],
      ['made', 2 * bytesPerMib],
    ]);
    expect(growthRates(before, after, 1_800_000)).toEqual([
      ['made', 4],
      ['grown', 2],
      ['still', 0],
    ]);
  });
});
