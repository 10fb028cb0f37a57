import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greater, lesser } from '#platform/money/extremes.ts';
import { boundedLots, evenWeights, lotsInShare, volumeWeights, weightedLots } from './slice-sizes.ts';
import { type SliceTiming, timeOf } from './slice-times.ts';

const total = fc.bigInt({ min: 1n, max: 10n ** 15n });
const volume = fc.bigInt({ min: 0n, max: 10n ** 18n });
const anyWeights = fc
  .array(volume, { minLength: 2, maxLength: 60 })
  .filter((weights) => weights.some((weight) => weight > 0n));
/** Which share of an order the market takes, in percent. */
const takes = fc.array(fc.bigInt({ min: 0n, max: 100n }), { minLength: 60, maxLength: 60 });

/** The sizes of all orders one after the other, each filled as far as the market takes it. */
function work(
  weights: readonly bigint[],
  totalLots: bigint,
  sizeOf: typeof weightedLots,
  takenOf: (lots: bigint, index: number) => bigint,
) {
  let filledLots = 0n;
  const sizes = weights.map((_, index) => {
    const lots = sizeOf(weights, { index, totalLots, filledLots });
    filledLots += takenOf(lots, index);
    return lots;
  });
  return { sizes, filledLots };
}

const all = (lots: bigint) => lots;
const sumOf = (numbers: readonly bigint[]) => numbers.reduce((sum, number) => sum + number, 0n);
const least = (numbers: readonly bigint[]) => numbers.reduce(lesser);
const most = (numbers: readonly bigint[]) => numbers.reduce(greater);

describe('weightedLots', () => {
  it('spreads evenly, with orders that differ by a lot at most', () => {
    expect(work(evenWeights(4), 10n, weightedLots, all).sizes).toEqual([3n, 2n, 3n, 2n]);
    expect(work(evenWeights(6), 3n, weightedLots, all).sizes).toEqual([1n, 0n, 1n, 0n, 1n, 0n]);
    fc.assert(
      fc.property(total, fc.integer({ min: 2, max: 500 }), (totalLots, orderCount) => {
        const { sizes } = work(evenWeights(orderCount), totalLots, weightedLots, all);
        expect(sumOf(sizes)).toBe(totalLots);
        expect(most(sizes) - least(sizes)).toBeLessThanOrEqual(1n);
      }),
      { numRuns: 50 },
    );
  });

  it('is exactly the whole by any weights, and as near to each as whole lots allow', () => {
    fc.assert(
      fc.property(total, anyWeights, (totalLots, weights) => {
        const { sizes } = work(weights, totalLots, weightedLots, all);
        expect(sumOf(sizes)).toBe(totalLots);
        expect(least(sizes)).toBeGreaterThanOrEqual(0n);
        let placed = 0n;
        for (const [index, size] of sizes.entries()) {
          placed += size;
          const exact = totalLots * sumOf(weights.slice(0, index + 1));
          const distance = exact - placed * sumOf(weights);
          const bound = sumOf(weights) * BigInt(index + 1);
          expect(distance >= 0n ? distance <= bound : -distance <= bound).toBe(true);
        }
      }),
    );
  });

  it('never places more than is not filled, whatever the market takes, and the last order has all the rest', () => {
    fc.assert(
      fc.property(total, anyWeights, takes, (totalLots, weights, shares) => {
        let filled = 0n;
        const { sizes, filledLots } = work(weights, totalLots, weightedLots, (lots, index) => {
          expect(lots).toBeLessThanOrEqual(totalLots - filled);
          const taken = (lots * (shares[index] ?? 0n)) / 100n;
          filled += taken;
          return taken;
        });
        expect(filledLots).toBeLessThanOrEqual(totalLots);
        const beforeLast = filledLots - ((sizes.at(-1) ?? 0n) * (shares[weights.length - 1] ?? 0n)) / 100n;
        expect(sizes.at(-1)).toBe(totalLots - beforeLast);
      }),
    );
  });
});

describe('boundedLots', () => {
  it('adds what the bound leaves to the next order', () => {
    const caps = [0n, 10n, 3n, 1n];
    const sizeOf: typeof weightedLots = (weights, order) => boundedLots(weights, order, caps[order.index] ?? 0n);
    expect(work(evenWeights(4), 12n, sizeOf, all)).toEqual({ sizes: [0n, 6n, 3n, 1n], filledLots: 10n });
  });

  it('is never over the bound or what is left, and the whole once the bounds allow it', () => {
    fc.assert(
      fc.property(total, anyWeights, fc.array(volume, { minLength: 60, maxLength: 60 }), (totalLots, weights, caps) => {
        let placed = 0n;
        const { sizes } = work(weights, totalLots, (of, order) => boundedLots(of, order, caps[order.index] ?? 0n), all);
        for (const [index, size] of sizes.entries()) {
          placed += size;
          expect(size >= 0n && size <= (caps[index] ?? 0n) && placed <= totalLots).toBe(true);
        }
        const lastCap = caps[weights.length - 1] ?? 0n;
        expect(sizes.at(-1) === lastCap || placed === totalLots).toBe(true);
      }),
    );
  });
});

describe('lotsInShare', () => {
  it('is in whole lots, rounded down', () => {
    expect(lotsInShare(1_000_000_000n, { maxBps: 1_000, lotMicros: 1_000_000n })).toBe(100n);
    expect(lotsInShare(1_009_000_000n, { maxBps: 1_000, lotMicros: 1_000_000n })).toBe(100n);
    expect(lotsInShare(9_000_000n, { maxBps: 1_000, lotMicros: 1_000_000n })).toBe(0n);
  });
});

describe('volumeWeights', () => {
  const timing: SliceTiming = { startMs: 1_000_000, durationMs: 10_000, orderCount: 4 };

  it('divides what was traded between the orders by time, and leaves out what lies before and after', () => {
    const traded = [
      { fromMs: 998_000, untilMs: 1_002_500, micros: 900n },
      { fromMs: 1_002_500, untilMs: 1_007_500, micros: 80n },
      { fromMs: 1_009_000, untilMs: 1_011_000, micros: 10n },
    ];
    expect(volumeWeights(timing, traded)).toEqual([500_000n, 40_000n, 40_000n, 5_000n]);
  });

  it('has none when nothing was traded', () => {
    expect(volumeWeights(timing, [])).toBeUndefined();
    expect(volumeWeights(timing, [{ fromMs: 0, untilMs: 1_000_000, micros: 5n }])).toBeUndefined();
  });

  it('loses less than a thousandth of a millionth of a share for each part of a volume', () => {
    const timings = fc.record({
      startMs: fc.integer({ min: 0, max: 1e12 }),
      durationMs: fc.integer({ min: 2_000, max: 86_400_000 }),
      orderCount: fc.integer({ min: 2, max: 200 }),
    });
    fc.assert(
      fc.property(timings, volume, (of, micros) => {
        const whole = { fromMs: of.startMs, untilMs: timeOf(of, of.orderCount), micros };
        const lost = micros * 1_000n - sumOf(volumeWeights(of, [whole]) ?? []);
        expect(lost >= 0n && lost <= BigInt(of.orderCount)).toBe(true);
      }),
    );
  });
});
