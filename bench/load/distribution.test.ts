import { describe, expect, it } from 'vitest';
import { distributionOf } from './distribution.ts';

const oneTo = (count: number) => Float64Array.from({ length: count }, (_, index) => index + 1);

describe('distributionOf', () => {
  it('has the values at the nearest ranks, within a thousandth', () => {
    const { count, p50, p99, p999, max } = distributionOf(oneTo(10_000));
    expect(count).toBe(10_000);
    const exact = [5_000, 9_900, 9_990, 10_000];
    for (const [index, value] of [p50, p99, p999, max].entries()) {
      expect(Math.abs(value / (exact[index] as number) - 1)).toBeLessThan(0.001);
    }
  });

  it('distinguishes microseconds where values are milliseconds, and accepts minutes', () => {
    const { p50, max } = distributionOf([0.001, 0.002, 600_000]);
    expect(p50).toBeCloseTo(0.002, 5);
    expect(max).toBeCloseTo(600_000, -3);
  });

  it('takes values in any order and leaves them as they were', () => {
    const values = [10, 9, 100, 1];
    const { p50, p99, max } = distributionOf(values);
    expect([p50, p99, max].map(Math.round)).toEqual([9, 100, 100]);
    expect(values).toEqual([10, 9, 100, 1]);
  });

  it('is all zero for no values, and refuses what is none', () => {
    expect(distributionOf([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, p999: 0, max: 0 });
    for (const wrong of [-1, Number.NaN]) expect(() => distributionOf([wrong])).toThrow(RangeError);
  });
});
