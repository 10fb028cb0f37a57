import { describe, expect, it } from 'vitest';
import { type IndicativeAuction, indicativeAuction } from './auction-price.ts';
import type { Level } from './book-side.ts';

type Lots = ReadonlyMap<number, number>;

function levels(lots: Lots, direction: 1 | -1): Level[] {
  return [...lots]
    .sort(([a], [b]) => direction * (a - b))
    .map(([price, quantity]) => ({ priceTicks: BigInt(price), quantityLots: BigInt(quantity), orderCount: 1 }));
}

/** Rule R23 word by word: every tick is tried. */
function slowAuction(bids: Lots, asks: Lots, reference: number): IndicativeAuction | undefined {
  if (bids.size === 0 || asks.size === 0 || Math.max(...bids.keys()) < Math.min(...asks.keys())) return undefined;
  const sum = (lots: Lots, counts: (price: number) => boolean) =>
    [...lots].reduce((total, [price, quantity]) => total + (counts(price) ? quantity : 0), 0);
  const ticks = Array.from({ length: 40 }, (_, tick) => {
    const [bid, asked] = [sum(bids, (price) => price >= tick), sum(asks, (price) => price <= tick)];
    return { tick, volume: Math.min(bid, asked), imbalance: Math.abs(bid - asked), surplus: bid - asked };
  });
  const volume = Math.max(...ticks.map((at) => at.volume));
  const most = ticks.filter((at) => at.volume === volume);
  const imbalance = Math.min(...most.map((at) => at.imbalance));
  const best = most.filter((at) => at.imbalance === imbalance);
  const chosen = choose(
    best.map(({ tick }) => tick),
    best.map(({ surplus }) => surplus),
    reference,
  );
  const at = best.find(({ tick }) => tick === chosen);
  return { priceTicks: BigInt(chosen), quantityLots: BigInt(volume), surplusLots: BigInt(at?.surplus ?? 0) };
}

function choose(ticks: number[], surpluses: number[], reference: number): number {
  const [lowest, highest] = [Math.min(...ticks), Math.max(...ticks)];
  if (surpluses.every((surplus) => surplus > 0)) return highest;
  if (surpluses.every((surplus) => surplus < 0)) return lowest;
  if (reference === 0) return Math.floor((lowest + highest) / 2);
  return ticks.reduce((nearest, tick) => (Math.abs(tick - reference) < Math.abs(nearest - reference) ? tick : nearest));
}

function find(bids: Lots, asks: Lots, reference: number) {
  return indicativeAuction(levels(bids, -1), levels(asks, 1), BigInt(reference));
}

describe('indicativeAuction', () => {
  it('agrees with the rule tried at every tick, for random books', () => {
    let state = 7;
    const random = (count: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * count);
    };
    const side = (from: number) =>
      new Map(Array.from({ length: random(7) }, () => [from + random(18), 1 + random(6)] as const));
    let crossed = 0;
    for (let round = 0; round < 5_000; round += 1) {
      const [bids, asks, reference] = [side(8), side(4), random(3) === 0 ? 0 : 1 + random(35)];
      const wanted = slowAuction(bids, asks, reference);
      if (wanted !== undefined) crossed += 1;
      expect(find(bids, asks, reference), JSON.stringify([[...bids], [...asks], reference])).toEqual(wanted);
    }
    expect(crossed).toBeGreaterThan(2_000);
  });

  it('takes the price of the greatest volume, and says what is left over', () => {
    const bids = new Map([
      [102, 5],
      [101, 10],
    ]);
    const asks = new Map([
      [100, 8],
      [101, 4],
    ]);
    expect(find(bids, asks, 0)).toEqual({ priceTicks: 101n, quantityLots: 12n, surplusLots: 3n });
  });

  it('has none while no bid reaches an ask', () => {
    expect(find(new Map([[99, 5]]), new Map([[100, 5]]), 100)).toBeUndefined();
    expect(find(new Map(), new Map([[100, 5]]), 100)).toBeUndefined();
    expect(find(new Map([[99, 5]]), new Map(), 100)).toBeUndefined();
  });
});
