import { describe, expect, it } from 'vitest';
import { distributionOf, percentile } from './percentile.ts';

const oneTo = (count: number) => Float64Array.from({ length: count }, (_, index) => index + 1);

describe('percentile', () => {
  it('is the value at the nearest rank', () => {
    expect(percentile(oneTo(100), 0.5)).toBe(50);
    expect(percentile(oneTo(100), 0.99)).toBe(99);
    expect(percentile(oneTo(101), 0.5)).toBe(51);
    expect(percentile(oneTo(1_000), 0.999)).toBe(999);
  });

  it('is the greatest value when there are too few to tell better', () => {
    expect(percentile(oneTo(10), 0.99)).toBe(10);
    expect(percentile(oneTo(1), 0.5)).toBe(1);
  });

  it('refuses no values and fractions that mean nothing', () => {
    expect(() => percentile(new Float64Array(), 0.5)).toThrow(RangeError);
    for (const fraction of [0, -1, 1.1, Number.NaN]) expect(() => percentile(oneTo(3), fraction)).toThrow(RangeError);
  });
});

describe('distributionOf', () => {
  it('sorts by value, not by text, and leaves the values as they were', () => {
    const values = [10, 9, 100, 1];
    expect(distributionOf(values)).toEqual({ count: 4, p50: 9, p99: 100, p999: 100, max: 100 });
    expect(values).toEqual([10, 9, 100, 1]);
  });

  it('is all zero for no values', () => {
    expect(distributionOf([])).toEqual({ count: 0, p50: 0, p99: 0, p999: 0, max: 0 });
  });
});
