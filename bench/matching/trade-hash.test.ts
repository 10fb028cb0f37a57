import { describe, expect, it } from 'vitest';
import { TradeHash } from './trade-hash.ts';

type Trade = [maker: number, taker: number, priceTicks: number, lots: number];

function digestOf(...trades: Trade[]): string {
  const hash = new TradeHash();
  for (const trade of trades) hash.add(...trade);
  return hash.digest();
}

describe('TradeHash', () => {
  it('is equal for the same trades in the same order only', () => {
    const same = digestOf([1, 2, 100, 5], [3, 2, 101, 6]);
    expect(digestOf([1, 2, 100, 5], [3, 2, 101, 6])).toBe(same);
    expect(digestOf([3, 2, 101, 6], [1, 2, 100, 5])).not.toBe(same);
  });

  it('differs when maker, taker, price or lots differ', () => {
    const trades: Trade[] = [
      [1, 2, 100, 5],
      [2, 1, 100, 5],
      [1, 2, 101, 5],
      [1, 2, 100, 6],
    ];
    expect(new Set(trades.map((trade) => digestOf(trade))).size).toBe(trades.length);
  });
});
