import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { GetBooksRequestSchema, GetBooksResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { defaultLimits } from '#platform/rpc/limits.ts';
import type { ExchangeDeps } from '../deps.ts';
import { listing } from '../engine/testing/driver.ts';
import type { ViewBook, ViewLevel } from '../replication/book-view.ts';
import { getBooks, levelsMax, longestSide } from './get-books.ts';

function side(length: number, firstPrice: number): Map<number, ViewLevel> {
  const level = (priceTicks: number) => ({
    priceTicks,
    quantityLots: Number.MAX_SAFE_INTEGER,
    orderCount: 2_147_483_647,
  });
  return new Map(Array.from({ length }, (_, i) => [firstPrice + i, level(firstPrice + i)]));
}

const bookOf = (symbol: string, bids: number, asks: number): ViewBook => ({
  ...{
    listing: listing({ symbol }),
    state: 3,
    breakerDueMs: 0,
    lastPriceTicks: 1,
    checksum: 7,
    bids: side(bids, 1_900_000_000),
  },
  asks: side(asks, 2_100_000_000),
});

function answer(books: ViewBook[]) {
  const replica = { term: () => ({ view: { sequence: 5, books }, epoch: 'e' }) };
  const deps = { replicas: new Map([[0, replica]]) } as unknown as ExchangeDeps;
  return getBooks(deps, create(GetBooksRequestSchema)).then((init) => create(GetBooksResponseSchema, init));
}

describe('getBooks', () => {
  it('sends whole books as long as they fit, and a message that clients take however many levels there are', async () => {
    const small = await answer([bookOf('A', 1_000, 10), bookOf('B', 0, 3)]);
    expect(small.books.map(({ bids, asks }) => [bids.length, asks.length])).toEqual([
      [1_000, 10],
      [0, 3],
    ]);
    const large = await answer([bookOf('A', 200_000, 10), bookOf('B', 120_000, 2_000)]);
    expect(toBinary(GetBooksResponseSchema, large).length).toBeLessThan(defaultLimits.responseBytesMax);
    expect(large.books.map(({ bids, asks }) => [bids.length, asks.length])).toEqual([
      [73_995, 10],
      [73_995, 2_000],
    ]);
    expect(large.books[0]?.bids[0]?.priceTicks).toBe(1_900_199_999n);
  });
});

describe('longestSide', () => {
  it('cuts only the longest sides', () => {
    expect(longestSide([5, 5, 5], levelsMax)).toBe(Number.POSITIVE_INFINITY);
    expect(longestSide([10, 1, 10], 12)).toBe(5);
    expect(longestSide([], 1)).toBe(Number.POSITIVE_INFINITY);
  });
});
