import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DepthLevelSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { groupSteps, heldLadder, ladder } from './ladder.ts';

const level = (price: string, quantity: string) => create(DepthLevelSchema, { price, quantity });
const own = { bids: new Map([[179_990_000n, 4_000_000n]]), asks: new Map<bigint, bigint>() };
const book = {
  bids: [level('180.00', '10'), level('179.99', '5'), level('179.94', '5.5')],
  asks: [level('180.01', '30'), level('180.06', '10')],
};

describe('ladder', () => {
  it('adds up from the best price, bars by the longest of both sides', () => {
    const { bids, asks } = ladder({ ...book, own, step: 10_000n, rowsMax: 16 });
    expect(bids.map(({ price, cumulative, own: mine }) => [price, cumulative, mine])).toEqual([
      ['180', '10', ''],
      ['179.99', '15', '4'],
      ['179.94', '20.5', ''],
    ]);
    expect(asks.map(({ share }) => share)).toEqual([0.75, 1]);
  });

  it('groups bids downwards and asks upwards', () => {
    const { bids, asks } = ladder({ ...book, own, step: 50_000n, rowsMax: 16 });
    expect(bids.map(({ price, quantity }) => [price, quantity])).toEqual([
      ['180', '10'],
      ['179.95', '5'],
      ['179.9', '5.5'],
    ]);
    expect(asks.map(({ price }) => price)).toEqual(['180.05', '180.1']);
  });

  it('has at most so many rows a side', () => {
    expect(ladder({ ...book, own, step: 10_000n, rowsMax: 1 }).bids).toHaveLength(1);
  });
});

describe('heldLadder', () => {
  it('has the same rows with the sizes of now', () => {
    const held = ladder({ ...book, own, step: 10_000n, rowsMax: 16 });
    const moved = ladder({
      bids: [level('180.02', '1'), level('180.00', '7')],
      asks: [],
      own,
      step: 10_000n,
      rowsMax: 16,
    });
    expect(heldLadder(held, moved).bids.map(({ price, quantity }) => [price, quantity])).toEqual([
      ['180', '7'],
      ['179.99', ''],
      ['179.94', ''],
    ]);
  });
});

describe('groupSteps', () => {
  it('begins with the tick', () => {
    expect(groupSteps('0.05').slice(0, 3)).toEqual([50_000n, 100_000n, 250_000n]);
  });
});
