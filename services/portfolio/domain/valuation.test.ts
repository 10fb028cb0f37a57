import { describe, expect, it } from 'vitest';
import { type Holdings, heldSymbols, value } from './valuation.ts';

const holdings: Holdings = {
  sequence: 7n,
  cashCents: 1_000n,
  positions: [
    { symbol: 'HELD', quantityMicros: 2_000_000n, costCents: 300n, realizedCents: 5n },
    { symbol: 'SOLD', quantityMicros: 0n, costCents: 0n, realizedCents: -20n },
    { symbol: 'UNPRICED', quantityMicros: 1_000_000n, costCents: 50n, realizedCents: 0n },
  ],
};

describe('value', () => {
  it('sums what has a price and says what has none', () => {
    const valuation = value(holdings, (symbol) => (symbol === 'HELD' ? 2_000_000n : undefined));
    expect(valuation).toMatchObject({
      cashCents: 1_000n,
      marketValueCents: 400n,
      equityCents: 1_400n,
      unrealizedCents: 100n,
      realizedCents: -15n,
    });
    const [held, sold, unpriced] = valuation.positions;
    expect(held).toMatchObject({ averageCostMicros: 1_500_000n, marketValueCents: 400n, unrealizedCents: 100n });
    expect(sold).toMatchObject({ averageCostMicros: 0n, marketValueCents: 0n, unrealizedCents: 0n });
    expect(unpriced).toMatchObject({
      lastPriceMicros: undefined,
      marketValueCents: undefined,
      unrealizedCents: undefined,
    });
  });
});

describe('heldSymbols', () => {
  it('leaves closed positions out', () => {
    expect(heldSymbols(holdings)).toEqual(['HELD', 'UNPRICED']);
  });
});
