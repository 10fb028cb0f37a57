import { describe, expect, it } from 'vitest';
import { addShares, averageCostMicros, emptyPosition, marketValueCents, removeShares } from './position.ts';

const share = 1_000_000n;

describe('addShares and removeShares', () => {
  it('average the cost of purchases, fees included, and realise the difference of a sale', () => {
    const first = addShares(emptyPosition, { quantityMicros: 10n * share, costCents: 100_05n });
    const both = addShares(first, { quantityMicros: 10n * share, costCents: 120_06n });
    expect(averageCostMicros(both)).toBe(11_005_500n);
    const sale = removeShares(both, { quantityMicros: 5n * share, proceedsCents: 64_97n });
    // A quarter of 220.11 is 55.0275.
    expect(sale).toMatchObject({ costCents: 55_03n, gainCents: 9_94n });
    expect(sale.position).toEqual({ quantityMicros: 15n * share, costCents: 165_08n, realizedCents: 9_94n });
  });

  it('leave no cost behind when everything is sold in parts that do not divide', () => {
    let position = addShares(emptyPosition, { quantityMicros: 3n, costCents: 100n });
    const costs: bigint[] = [];
    while (position.quantityMicros > 0n) {
      const sale = removeShares(position, { quantityMicros: 1n, proceedsCents: 40n });
      costs.push(sale.costCents);
      position = sale.position;
    }
    expect(costs.reduce((a, b) => a + b)).toBe(100n);
    expect(position).toEqual({ quantityMicros: 0n, costCents: 0n, realizedCents: 20n });
  });

  it('give issued shares no cost', () => {
    const issued = addShares(emptyPosition, { quantityMicros: share, costCents: 0n });
    expect(removeShares(issued, { quantityMicros: share, proceedsCents: 500n }).gainCents).toBe(500n);
  });

  it('refuse what a ledger cannot have booked', () => {
    const one = addShares(emptyPosition, { quantityMicros: 1n, costCents: 1n });
    expect(() => removeShares(one, { quantityMicros: 2n, proceedsCents: 1n })).toThrow('more shares');
    expect(() => removeShares(one, { quantityMicros: 0n, proceedsCents: 1n })).toThrow('no quantity');
    expect(() => addShares(one, { quantityMicros: 0n, costCents: 1n })).toThrow('no quantity');
  });
});

describe('averageCostMicros and marketValueCents', () => {
  it('round half to even', () => {
    expect(averageCostMicros({ quantityMicros: 3n * share, costCents: 100n, realizedCents: 0n })).toBe(333_333n);
    expect(averageCostMicros(emptyPosition)).toBe(0n);
    expect(marketValueCents(share / 2n, 10_000n)).toBe(0n);
    expect(marketValueCents(share / 2n, 30_000n)).toBe(2n);
    expect(marketValueCents(7n * share, 187_250_000n)).toBe(1_310_75n);
  });
});
