import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { openBooks, type TestBooks } from '../testing/books.ts';
import { holdItem, requestOf } from '../testing/orders.ts';
import { measureHolds } from './measure-holds.ts';
import { placeHolds } from './place-holds.ts';
import { releaseHolds } from './release-holds.ts';

let books: TestBooks;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());

describe('measureHolds', () => {
  it('has the number of open holds and the age of the oldest at each scrape', async () => {
    const metrics = createMetrics('ledger');
    measureHolds({ db: books.db, metrics, logger: silentLogger, nowMs: () => 100_000 });
    const read = async () => {
      const text = await metrics.registry.metrics();
      return [...text.matchAll(/^outcry_ledger_open_holds(?:_oldest_age_seconds)?\{.*\} (.*)$/gm)].map(([, n]) => n);
    };
    expect(await read()).toEqual(['0', '0']);
    const accountId = await books.addAccount({ state: 'active', cash: 40_000_000n, shares: {} });
    const requests = [1n, 2n].map((priceTicks) =>
      requestOf(holdItem({ accountId, side: Side.BUY, quantityLots: 1n, priceTicks })),
    );
    const [first, second] = requests;
    await placeHolds(books.db, [first as (typeof requests)[0]], 40_000);
    await placeHolds(books.db, [second as (typeof requests)[0]], 90_000);
    expect(await read()).toEqual(['2', '60']);
    await releaseHolds(books.db, [first?.orderId ?? ''], 95_000);
    expect(await read()).toEqual(['1', '10']);
  });
});
