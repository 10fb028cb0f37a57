import { describe, expect, it } from 'vitest';
import { guard, unguarded } from './line.ts';
import { exponentialAverage, exponentialWindow, simpleAverage } from './moving-average.ts';

type Average = typeof simpleAverage;

/** The value at the last close, of scale 6. */
const lastOf = (average: Average) => (closes: readonly bigint[], length: number) =>
  unguarded(
    average(
      closes.map((close) => close * guard),
      length,
    ).at(-1),
  );
const simpleMovingAverage = lastOf(simpleAverage);
const exponentialMovingAverage = lastOf(exponentialAverage);

/** Dollars with up to 6 decimals as integers of scale 6. */
function prices(...dollars: number[]): bigint[] {
  return dollars.map((dollar) => BigInt(Math.round(dollar * 1e6)));
}

/** The same closes for every seed: a walk between 50 and 150 dollars. */
function walk(count: number): bigint[] {
  let seed = 7;
  let price = 100_000_000n;
  return Array.from({ length: count }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    price += BigInt((seed % 2_001) - 1_000) * 1_000n;
    return price;
  });
}

describe('simpleAverage', () => {
  it('is the mean of the last closes', () => {
    expect(simpleMovingAverage(prices(1, 2, 3, 4, 5), 5)).toBe(3_000_000n);
    expect(simpleMovingAverage(prices(100, 1, 2, 3), 3)).toBe(2_000_000n);
    expect(simpleMovingAverage(prices(7), 1)).toBe(7_000_000n);
  });

  it('rounds half to even at the sixth decimal', () => {
    expect(simpleMovingAverage([1n, 2n], 2)).toBe(2n);
    expect(simpleMovingAverage([2n, 3n], 2)).toBe(2n);
    expect(simpleMovingAverage(prices(10, 10, 11), 3)).toBe(10_333_333n);
  });

  it('is not there while there are too few closes', () => {
    expect(simpleMovingAverage(prices(1, 2), 3)).toBeUndefined();
    expect(simpleMovingAverage([], 1)).toBeUndefined();
  });
});

describe('exponentialAverage', () => {
  it('begins with the simple average and moves by 2 / (length + 1) of the distance', () => {
    // Worked by hand: mean(22, 24, 26) = 24; 24 + (28 - 24) / 2 = 26; 26 + (20 - 26) / 2 = 23.
    expect(exponentialMovingAverage(prices(22, 24, 26), 3)).toBe(24_000_000n);
    expect(exponentialMovingAverage(prices(22, 24, 26, 28), 3)).toBe(26_000_000n);
    expect(exponentialMovingAverage(prices(22, 24, 26, 28, 20), 3)).toBe(23_000_000n);
  });

  it('agrees with the worked ten-day example of a price textbook', () => {
    // Seed mean = 22.221; then k = 2/11 on 22.15 and 22.39.
    const closes = prices(22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29);
    expect(exponentialMovingAverage(closes, 10)).toBe(22_221_000n);
    expect(exponentialMovingAverage([...closes, ...prices(22.15)], 10)).toBe(22_208_091n);
    expect(exponentialMovingAverage([...closes, ...prices(22.15, 22.39)], 10)).toBe(22_241_165n);
  });

  it('is the close itself at length 1, and the price where nothing moves', () => {
    expect(exponentialMovingAverage(prices(5, 9, 7), 1)).toBe(7_000_000n);
    expect(exponentialMovingAverage(Array(500).fill(33_330_001n), 20)).toBe(33_330_001n);
  });

  it('is the same for every replica that has at least its window, however much more it has', () => {
    const closes = walk(1_700);
    const length = 20;
    const whole = exponentialMovingAverage(closes, length);
    expect(exponentialMovingAverage(closes.slice(-exponentialWindow(length)), length)).toBe(whole);
    expect(exponentialMovingAverage(closes.slice(-exponentialWindow(length) + 1), length)).not.toBeUndefined();
  });

  it('agrees with floating point to the sixth decimal', () => {
    for (const length of [2, 9, 26, 200]) {
      const window = walk(1_700).slice(-exponentialWindow(length)).map(Number);
      let expected = window.slice(0, length).reduce((sum, close) => sum + close, 0) / length;
      for (const close of window.slice(length)) expected += ((close - expected) * 2) / (length + 1);
      const actual = exponentialMovingAverage(walk(1_700), length);
      expect(Math.abs(Number(actual) - expected)).toBeLessThan(0.51);
    }
  });

  it('is not there while there are too few closes', () => {
    expect(exponentialMovingAverage(prices(1, 2), 3)).toBeUndefined();
  });
});
