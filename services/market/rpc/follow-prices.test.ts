import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FollowPricesResponse } from '#gen/outcry/market/v1/internal_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { type FakeExchange, startFakeExchange } from '../testing/fake-exchange.ts';
import { startTestMarket, type TestMarket } from '../testing/start-market.ts';

let database: TestDatabase;
let exchange: FakeExchange;
let replica: TestMarket;

beforeAll(async () => {
  database = await createTestDatabase();
  exchange = await startFakeExchange();
  replica = await startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port });
  await eventually(() => expect(exchange.listed()).toHaveLength(16));
});
afterAll(async () => {
  await replica?.[Symbol.asyncDispose]();
  await exchange?.[Symbol.asyncDispose]();
  await database?.drop();
});

describe('MarketInternalService', () => {
  it('gives the order service terms and prices in ticks, and nobody else', async () => {
    await using internal = replica.internalFor('order');
    const { instruments } = await eventually(async () => {
      const answer = await internal.getTerms({});
      expect(answer.instruments).toHaveLength(16);
      return answer;
    });
    const halo = {
      symbol: 'HALO',
      tickMicros: 1_000_000n,
      lotMicros: 100n,
      bandBps: 2_000,
      referencePriceTicks: 4_820n,
    };
    expect(instruments).toContainEqual(expect.objectContaining(halo));
    const stop = new AbortController();
    const seen: FollowPricesResponse[] = [];
    const reading = (async () => {
      for await (const message of internal.followPrices({}, { signal: stop.signal })) seen.push(message);
    })().catch(() => {});
    await eventually(() => expect(seen[0]).toMatchObject({ complete: true }));
    expect(seen[0]?.instruments).toHaveLength(16);
    exchange.level('IRIS', 'bid', 9_533, 1);
    await eventually(() => {
      const last = seen.flatMap(({ prices }) => prices).findLast(({ symbol }) => symbol === 'IRIS');
      expect(last?.bidTicks).toBe(9_533n);
    });
    stop.abort();
    await reading;
    await using stranger = replica.internalFor('portfolio');
    await expect(stranger.getTerms({})).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
  });
});
