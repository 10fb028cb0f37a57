import { describe, expect, it } from 'vitest';
import { addLot, type Lot, lotsMax, takeFromLots } from './lot.ts';

const share = 1_000_000n;
const day = 86_400_000;

const bought = (sequence: bigint, dollars: bigint, change: Partial<Parameters<typeof addLot>[1]> = {}) => ({
  sequence,
  orderId: `order-${sequence}`,
  timeMs: Number(sequence) * 1_000,
  quantityMicros: 10n * share,
  costMicros: dollars * 1_000_000n,
  ...change,
});
const lotsOf = (...purchases: ReturnType<typeof bought>[]) =>
  purchases.reduce<Lot[]>((lots, purchase) => addLot(lots, purchase), []);

describe('takeFromLots', () => {
  // Ten shares each for 100, 130 and 120.
  const lots = lotsOf(bought(1n, 100n), bought(2n, 130n), bought(3n, 120n));
  const sale = { quantityMicros: 15n * share, proceedsMicros: 180_000_000n };

  it.each([
    ['fifo', [1n, 2n], [100n, 65n]],
    ['lifo', [3n, 2n], [120n, 65n]],
    ['hifo', [2n, 3n], [130n, 60n]],
  ] as const)('takes by %s, a part of the last lot with its part of the cost', (method, ids, costs) => {
    const { pieces, lots: left } = takeFromLots(lots, { ...sale, method });
    expect(pieces.map(({ lotId }) => lotId)).toEqual(ids);
    expect(pieces.map(({ costMicros }) => costMicros)).toEqual(costs.map((dollars) => dollars * 1_000_000n));
    expect(pieces.map(({ proceedsMicros }) => proceedsMicros)).toEqual([120_000_000n, 60_000_000n]);
    expect(left).toHaveLength(2);
    expect(left.map(({ lotId }) => lotId)).toEqual(left.map(({ lotId }) => lotId).toSorted());
  });

  it('gives the last part of a lot, and the last piece of a sale, what is left to the millionth', () => {
    let rest: Lot[] = lotsOf(bought(1n, 0n, { quantityMicros: 3n, costMicros: 10n }));
    const costs: bigint[] = [];
    while (rest.length > 0) {
      const taken = takeFromLots(rest, { quantityMicros: 1n, proceedsMicros: 1n, method: 'fifo' });
      costs.push(...taken.pieces.map(({ costMicros }) => costMicros));
      rest = taken.lots;
    }
    expect(costs.reduce((a, b) => a + b)).toBe(10n);
    const three = lotsOf(...[1n, 2n, 3n].map((id) => bought(id, 1n, { quantityMicros: 1n })));
    const { pieces } = takeFromLots(three, { quantityMicros: 3n, proceedsMicros: 10n, method: 'fifo' });
    expect(pieces.map(({ proceedsMicros }) => proceedsMicros)).toEqual([3n, 4n, 3n]);
  });

  it('refuses what a ledger cannot have booked', () => {
    const more = { quantityMicros: 31n * share, proceedsMicros: 1n, method: 'hifo' } as const;
    expect(() => takeFromLots(lots, more)).toThrow('more shares');
    expect(() => takeFromLots(lots, { ...more, quantityMicros: 0n })).toThrow('no quantity');
    expect(() => addLot([], bought(1n, 1n, { quantityMicros: 0n }))).toThrow('no quantity');
  });
});

describe('addLot', () => {
  it('makes one lot of the fills of an order on one day, and another on the next day or after another order', () => {
    const orderId = 'a';
    const one = lotsOf(bought(1n, 100n, { orderId }), bought(2n, 110n, { orderId }));
    expect(one).toMatchObject([
      { lotId: 1n, purchases: 2n, quantityMicros: 20n * share, leftCostMicros: 210_000_000n },
    ]);
    expect(addLot(one, bought(3n, 1n, { orderId, timeMs: day }))).toHaveLength(2);
    expect(addLot(addLot(one, bought(3n, 1n)), bought(4n, 1n, { orderId }))).toHaveLength(3);
  });

  it('counts a fill that comes after a part of the lot was sold to what is left', () => {
    const orderId = 'a';
    const { lots } = takeFromLots(lotsOf(bought(1n, 100n, { orderId })), {
      quantityMicros: 4n * share,
      proceedsMicros: 50_000_000n,
      method: 'fifo',
    });
    expect(addLot(lots, bought(2n, 110n, { orderId }))).toMatchObject([
      {
        quantityMicros: 20n * share,
        leftQuantityMicros: 16n * share,
        costMicros: 210_000_000n,
        leftCostMicros: 170_000_000n,
      },
    ]);
  });

  it('makes one of the two oldest lots beyond the bound, with the times of both', () => {
    let lots: Lot[] = [];
    for (let id = 1n; id <= BigInt(lotsMax) + 2n; id += 1n) lots = addLot(lots, bought(id, id));
    expect(lots).toHaveLength(lotsMax);
    expect(lots[0]).toMatchObject({
      lotId: 1n,
      orderId: '',
      purchases: 3n,
      acquireTimeMs: 1_000,
      lastAcquireTimeMs: 3_000,
    });
    expect(lots[0]).toMatchObject({ leftQuantityMicros: 30n * share, leftCostMicros: 6_000_000n });
    expect(lots[1]).toMatchObject({ lotId: 4n, purchases: 1n });
  });
});
