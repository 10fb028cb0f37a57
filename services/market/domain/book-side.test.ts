import { describe, expect, it } from 'vitest';
import { createBookSide, type Level } from './book-side.ts';

function level(price: number, lots: number): Level {
  return { priceTicks: BigInt(price), quantityLots: BigInt(lots), orderCount: lots > 0 ? 1 : 0 };
}

describe('createBookSide', () => {
  it('keeps the best price first: the highest bid, the lowest ask', () => {
    const bids = createBookSide('bid');
    const asks = createBookSide('ask');
    for (const price of [100, 102, 99, 101]) {
      bids.set(level(price, 1));
      asks.set(level(price, 1));
    }
    expect(bids.levels.map(({ priceTicks }) => priceTicks)).toEqual([102n, 101n, 100n, 99n]);
    expect(asks.levels.map(({ priceTicks }) => priceTicks)).toEqual([99n, 100n, 101n, 102n]);
  });

  it('replaces a level, and drops it when its last lot goes', () => {
    const asks = createBookSide('ask', [level(100, 5), level(101, 1)]);
    asks.set(level(100, 3));
    expect(asks.levels[0]).toEqual(level(100, 3));
    asks.set(level(100, 0));
    expect(asks.levels).toEqual([level(101, 1)]);
    asks.set(level(77, 0));
    expect(asks.levels).toEqual([level(101, 1)]);
  });

  it('agrees with a plain sorted map over many random changes', () => {
    const bids = createBookSide('bid');
    const expected = new Map<bigint, Level>();
    let seed = 42;
    for (let i = 0; i < 2_000; i += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const changed = level(100 + (seed % 40), (seed >> 8) % 4);
      bids.set(changed);
      if (changed.quantityLots > 0n) expected.set(changed.priceTicks, changed);
      else expected.delete(changed.priceTicks);
    }
    expect(bids.levels).toEqual([...expected.values()].sort((a, b) => Number(b.priceTicks - a.priceTicks)));
  });
});
