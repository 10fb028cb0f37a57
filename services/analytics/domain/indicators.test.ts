import { describe, expect, it } from 'vitest';
import { closesMax, newestValues } from './indicators.ts';

const closes = [10n, 20n, 30n, 40n, 50n].map((dollars) => dollars * 1_000_000n);

describe('newestValues', () => {
  it('gives the values of the last closes, newest first', () => {
    expect(newestValues('sma', closes, { length: 2, count: 2 })).toEqual([
      { index: 4, value: 45_000_000n },
      { index: 3, value: 35_000_000n },
    ]);
  });

  it('stops where there are too few closes', () => {
    const all = newestValues('ema', closes, { length: 4, count: 100 });
    expect(all.map(({ index }) => index)).toEqual([4, 3]);
    expect(newestValues('sma', closes, { length: 6, count: 1 })).toEqual([]);
  });

  it('never needs more closes than a series holds', () => {
    expect(closesMax).toBe(8 * 200 + 100);
  });
});
