import { describe, expect, it } from 'vitest';
import { type ArmedTrigger, firstReaching, isReachedBy, rangesOf, thresholdTicksOf } from './price-watch.ts';
import type { PriceTrigger } from './rule.ts';

const above: PriceTrigger = { symbol: 'ACME', direction: 'at-or-above', priceMicros: 200_000_000n };
const below: PriceTrigger = { ...above, direction: 'at-or-below' };
const armed: ArmedTrigger = { symbol: 'ACME', direction: 'at-or-above', thresholdTicks: 110n, armedSequence: 10n };
const trade = (sequence: number, priceTicks: number, symbol = 'ACME') => {
  return { symbol, sequence: BigInt(sequence), priceTicks: BigInt(priceTicks) };
};

describe('a threshold', () => {
  it('is reached at it and beyond', () => {
    const reached = (trigger: PriceTrigger) => {
      const thresholdTicks = thresholdTicksOf(trigger, 1n);
      return [199_999_999n, 200_000_000n, 200_000_001n].map((price) =>
        isReachedBy({ direction: trigger.direction, thresholdTicks }, price),
      );
    };
    expect(reached(above)).toEqual([false, true, true]);
    expect(reached(below)).toEqual([true, true, false]);
  });

  it('between two ticks is reached by the next tick beyond', () => {
    expect(thresholdTicksOf(above, 50_000_000n)).toBe(4n);
    expect(thresholdTicksOf({ ...above, priceMicros: 200_000_001n }, 50_000_000n)).toBe(5n);
    expect(thresholdTicksOf({ ...below, priceMicros: 200_000_001n }, 50_000_000n)).toBe(4n);
    expect(thresholdTicksOf({ ...below, priceMicros: 199_999_999n }, 50_000_000n)).toBe(3n);
  });
});

describe('firstReaching', () => {
  it('is the first trade of the book that reaches it, however short', () => {
    expect(firstReaching(armed, [trade(11, 100), trade(12, 111), trade(13, 120), trade(14, 90)])).toEqual(
      trade(12, 111),
    );
    expect(firstReaching(armed, [trade(11, 109), trade(12, 200, 'BETA')])).toBeUndefined();
  });

  it('is none of those from before it was armed', () => {
    expect(firstReaching(armed, [trade(9, 110), trade(10, 110), trade(11, 100)])).toBeUndefined();
    expect(firstReaching(armed, [trade(10, 120), trade(11, 110)])).toEqual(trade(11, 110));
  });
});

describe('rangesOf', () => {
  it('has the bounds and the last trade of each book', () => {
    expect(rangesOf([trade(1, 5), trade(2, 7, 'BETA'), trade(3, 9), trade(4, 3), trade(5, 4)])).toEqual([
      { symbol: 'ACME', lowTicks: 3n, highTicks: 9n, last: trade(5, 4) },
      { symbol: 'BETA', lowTicks: 7n, highTicks: 7n, last: trade(2, 7, 'BETA') },
    ]);
  });
});
