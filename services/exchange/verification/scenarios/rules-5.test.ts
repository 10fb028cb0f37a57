import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderType, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { acme, newOrder, type OrderInit, readFeed } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';

let database: TestDatabase;
let running: TestExchange;
let before: bigint;

const { ACCEPTED, REJECTED } = CommandOutcome;
const head = async () => (await running.order.getShard({ shard: 0 })).headSequence;
const newEvents = async () => readFeed(running, before, await head());
const cases = async () => (await newEvents()).map(({ event }) => event.case);

beforeAll(async () => {
  database = await createTestDatabase();
  running = await startExchange(database.url);
  await running.exchange.served;
  await running.market.listSymbol({ listing: acme });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database.drop();
});

beforeEach(async () => {
  await running.order.cancelAll({ commandId: uuidV7(), symbol: 'ACME' });
  before = await head();
});

describe('Submit', () => {
  it('trades an order by value as far as its value goes, and one within the band up to its edge', async () => {
    const banded = { symbol: 'BANDED', accountId: 'x', priceTicks: 105n };
    await running.market.listSymbol({ listing: { ...acme, symbol: banded.symbol, bandBps: 500 } });
    const offer = newOrder('sell', { ...banded, quantityLots: 10n });
    const immediate = { ...banded, accountId: 'y', timeInForce: TimeInForce.IOC, priceTicks: 200n };
    const refused = newOrder('buy', immediate);
    const byValue = newOrder('buy', { ...immediate, withinBand: true, quantityLots: 9n, valueMax: 419n });
    const { results } = await running.order.submit({ orders: [offer, refused, byValue] });
    expect(results[1]).toMatchObject({ outcome: REJECTED, reason: ErrorReason.PRICE_OUT_OF_BAND });
    expect(results[2]).toMatchObject({ outcome: ACCEPTED, tradedLots: 3n, restingLots: 0n });
    const traded = (await newEvents()).find(({ event }) => event.case === 'traded')?.event.value;
    expect(traded).toMatchObject({
      quantityLots: 3n,
      priceTicks: 105n,
      maker: { remainingLots: 7n },
      taker: { remainingLots: 0n },
    });
    expect((await running.order.getShard({ shard: 0 })).ruleVersion).toBe(5);
  });

  it('names what does not go with a value', async () => {
    const refused = async (terms: object) =>
      (await running.order.submit({ orders: [newOrder('buy', terms)] })).results[0];
    const ioc = { timeInForce: TimeInForce.IOC };
    for (const [field, terms] of [
      ['value_max', { valueMax: 5n }],
      ['value_max', { ...ioc, valueMax: -1n }],
      ['value_max', { ...ioc, valueMax: 5n, minimumLots: 1n }],
      ['within_band', { withinBand: true }],
    ] as const) {
      expect(await refused(terms)).toMatchObject({ reason: ErrorReason.INVALID_FIELD, metadata: { field } });
    }
  });
});

describe('Replace', () => {
  it('changes the trail of a waiting trailing stop, and the expiry of a GTD order', async () => {
    const waits = { type: OrderType.TRAILING_STOP, trailTicks: 20n, priceTicks: 1n, accountId: 'x' };
    const trailing = newOrder('sell', waits);
    const expireTimeMs = BigInt(Date.now()) + 600_000n;
    const bid = newOrder('buy', { timeInForce: TimeInForce.GTD, expireTimeMs, priceTicks: 3n });
    await running.order.submit({ orders: [trailing, bid] });
    const same = ({ orderId, accountId, priceTicks, quantityLots }: OrderInit) => {
      const key = { commandId: uuidV7(), orderId: orderId ?? '', accountId: accountId ?? '', symbol: 'ACME' };
      return { ...key, expectedRevision: 1, priceTicks, quantityLots };
    };
    const odd = { ...same(trailing), trailTicks: 5n, trailBps: 5 };
    const late = { ...same(bid), expireTimeMs: 1n };
    const changes = [
      { ...same(trailing), trailBps: 500 },
      { ...same(bid), expireTimeMs: expireTimeMs + 5n },
    ];
    const { results } = await running.order.replace({ items: [odd, late, ...changes] });
    expect(results.map(({ reason }) => reason)).toEqual([
      ...[ErrorReason.INVALID_FIELD, ErrorReason.EXPIRE_TIME_PAST, ErrorReason.UNSPECIFIED, ErrorReason.UNSPECIFIED],
    ]);
    expect(results[0]?.metadata.field).toBe('trail_bps');
    expect(results.slice(2)).toMatchObject([{ revision: 2 }, { revision: 2 }]);
    expect(await cases()).toEqual(['accepted', 'accepted', 'levelChanged', 'commandRejected', 'replaced', 'replaced']);
  });
});
