import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { evenSchedule, poissonSchedule } from './schedule.ts';

const gapsOf = (arrivals: Float64Array) => Array.from(arrivals, (timeMs, index) => timeMs - (arrivals[index - 1] ?? 0));

describe('poissonSchedule', () => {
  it('has the given rate, in order and within the duration', () => {
    const arrivals = poissonSchedule(1_000, 20_000, createRandom(1));
    // Five standard deviations of the count, which is Poisson as well.
    expect(Math.abs(arrivals.length - 20_000)).toBeLessThan(5 * Math.sqrt(20_000));
    expect(gapsOf(arrivals).every((gapMs) => gapMs >= 0)).toBe(true);
    expect(arrivals.at(-1)).toBeLessThan(20_000);
  });

  it('has exponential gaps: their deviation is their mean', () => {
    const gaps = gapsOf(poissonSchedule(500, 60_000, createRandom(2)));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeGreaterThan(1.95);
    expect(mean).toBeLessThan(2.05);
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.05);
  });

  it('is the same for the same seed and another for another', () => {
    const make = (seed: number) => poissonSchedule(100, 1_000, createRandom(seed));
    expect(make(7)).toEqual(make(7));
    expect(make(7)).not.toEqual(make(8));
  });

  it('refuses what has no bound or no meaning', () => {
    const random = createRandom(1);
    expect(() => poissonSchedule(1_000_000, 10_000, random)).toThrow(RangeError);
    for (const [rate, durationMs] of [
      [0, 1],
      [1, 0],
      [Number.NaN, 1],
    ] as const) {
      expect(() => poissonSchedule(rate, durationMs, random)).toThrow(RangeError);
    }
  });
});

describe('evenSchedule', () => {
  it('has the rate, at equal distances from the start on', () => {
    expect([...evenSchedule(20, 200)]).toEqual([0, 50, 100, 150]);
    expect(() => evenSchedule(1e9, 10_000)).toThrow(RangeError);
  });
});
