import { describe, expect, it } from 'vitest';
import { type Holdings, heldSymbols, value } from './valuation.ts';

const holdings: Holdings = {
  sequence: 7n,
  cashMicros: 10_000_000n,
  positions: [
    { symbol: 'HELD', quantityMicros: 2_000_000n, costMicros: 3_000_000n, realizedMicros: 50_000n },
    { symbol: 'SOLD', quantityMicros: 0n, costMicros: 0n, realizedMicros: -200_000n },
    { symbol: 'UNPRICED', quantityMicros: 1_000_000n, costMicros: 500_000n, realizedMicros: 0n },
  ],
};

describe('value', () => {
  it('sums what has a price and says what has none', () => {
    const valuation = value(holdings, (symbol) => (symbol === 'HELD' ? 2_000_000n : undefined));
    expect(valuation).toMatchObject({
      cashMicros: 10_000_000n,
      marketValueMicros: 4_000_000n,
      equityMicros: 14_000_000n,
      unrealizedMicros: 1_000_000n,
      realizedMicros: -150_000n,
    });
    const [held, sold, unpriced] = valuation.positions;
    expect(held).toMatchObject({
      averageCostMicros: 1_500_000n,
      marketValueMicros: 4_000_000n,
      unrealizedMicros: 1_000_000n,
    });
    expect(sold).toMatchObject({ averageCostMicros: 0n, marketValueMicros: 0n, unrealizedMicros: 0n });
    expect(unpriced).toMatchObject({
      lastPriceMicros: undefined,
      marketValueMicros: undefined,
      unrealizedMicros: undefined,
    });
  });
});

describe('heldSymbols', () => {
  it('leaves closed positions out', () => {
    expect(heldSymbols(holdings)).toEqual(['HELD', 'UNPRICED']);
  });
});
