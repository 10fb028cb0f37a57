import { describe, expect, it } from 'vitest';
import { addShares, averageCostMicros, emptyPosition, marketValueMicros, removeShares } from './position.ts';

const share = 1_000_000n;

describe('addShares and removeShares', () => {
  it('average the cost of purchases, fees included, and realise the difference of a sale', () => {
    const first = addShares(emptyPosition, { quantityMicros: 10n * share, costMicros: 100_050_000n });
    const both = addShares(first, { quantityMicros: 10n * share, costMicros: 120_060_000n });
    expect(averageCostMicros(both)).toBe(11_005_500n);
    const sale = removeShares(both, { quantityMicros: 5n * share, proceedsMicros: 64_970_000n });
    // A quarter of 220.11 is 55.0275.
    expect(sale).toMatchObject({ costMicros: 55_027_500n, gainMicros: 9_942_500n });
    expect(sale.position).toEqual({
      quantityMicros: 15n * share,
      costMicros: 165_082_500n,
      realizedMicros: 9_942_500n,
    });
  });

  it('round the cost to a cent for a sale that was booked in cents', () => {
    const bought = addShares(emptyPosition, { quantityMicros: 20n * share, costMicros: 220_110_000n });
    const sold = { quantityMicros: 5n * share, proceedsMicros: 64_970_000n, unitMicros: 10_000n };
    expect(removeShares(bought, sold)).toMatchObject({ costMicros: 55_030_000n, gainMicros: 9_940_000n });
  });

  it('leave no cost behind when everything is sold in parts that do not divide', () => {
    let position = addShares(emptyPosition, { quantityMicros: 3n, costMicros: 1_000_000n });
    const costs: bigint[] = [];
    while (position.quantityMicros > 0n) {
      const sale = removeShares(position, { quantityMicros: 1n, proceedsMicros: 400_000n });
      costs.push(sale.costMicros);
      position = sale.position;
    }
    expect(costs.reduce((a, b) => a + b)).toBe(1_000_000n);
    expect(position).toEqual({ quantityMicros: 0n, costMicros: 0n, realizedMicros: 200_000n });
  });

  it('give issued shares no cost', () => {
    const issued = addShares(emptyPosition, { quantityMicros: share, costMicros: 0n });
    expect(removeShares(issued, { quantityMicros: share, proceedsMicros: 5_000_000n }).gainMicros).toBe(5_000_000n);
  });

  it('refuse what a ledger cannot have booked', () => {
    const one = addShares(emptyPosition, { quantityMicros: 1n, costMicros: 10_000n });
    expect(() => removeShares(one, { quantityMicros: 2n, proceedsMicros: 10_000n })).toThrow('more shares');
    expect(() => removeShares(one, { quantityMicros: 0n, proceedsMicros: 10_000n })).toThrow('no quantity');
    expect(() => addShares(one, { quantityMicros: 0n, costMicros: 10_000n })).toThrow('no quantity');
  });
});

describe('averageCostMicros and marketValueMicros', () => {
  it('round half to even', () => {
    expect(averageCostMicros({ quantityMicros: 3n * share, costMicros: 1_000_000n })).toBe(333_333n);
    expect(averageCostMicros(emptyPosition)).toBe(0n);
    expect(marketValueMicros(share / 2n, 1n)).toBe(0n);
    expect(marketValueMicros(share / 2n, 3n)).toBe(2n);
    expect(marketValueMicros(7n * share, 187_250_000n)).toBe(1_310_750_000n);
  });
});
