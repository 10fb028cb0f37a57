import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { CancelReason } from '#gen/outcry/exchange/v1/feed_pb.ts';
import {
  OrderType,
  type SelfTradePrevention,
  Side,
  TimeInForce,
  TradingState,
} from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { acme, newOrder, type OrderInit, readFeed } from './testing/requests.ts';
import { startExchange, type TestExchange } from './testing/running-exchange.ts';

let database: TestDatabase;
let running: TestExchange;

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

const { ACCEPTED, REJECTED } = CommandOutcome;
const stateHash = async () => (await running.order.getShard({ shard: 0 })).stateHash;
const head = async () => (await running.order.getShard({ shard: 0 })).headSequence;

describe('Submit', () => {
  it('trades two orders at the price of the one that rested, and reports both on the feed', async () => {
    const before = await head();
    const [sell, buy] = [newOrder('sell', { priceTicks: 99n }), newOrder('buy', { quantityLots: 4n })];
    const { results } = await running.order.submit({ orders: [sell, buy] });
    expect(
      results.map(({ outcome, tradedLots, restingLots, revision }) => [outcome, tradedLots, restingLots, revision]),
    ).toEqual([
      [ACCEPTED, 0n, 10n, 1],
      [ACCEPTED, 4n, 0n, 1],
    ]);
    const events = await readFeed(running, before, results[1]?.feedSequence ?? 0n);
    expect(events.map(({ event }) => event.case)).toEqual([
      'accepted',
      'levelChanged',
      'accepted',
      'traded',
      'levelChanged',
    ]);
    const trade = events[3]?.event;
    if (trade?.case !== 'traded') throw new Error('no trade');
    expect(trade.value).toMatchObject({ tradeId: '0-1', priceTicks: 99n, quantityLots: 4n });
    expect(trade.value.maker).toMatchObject({
      orderId: sell.orderId,
      accountId: 'seller',
      side: Side.SELL,
      remainingLots: 6n,
    });
    expect(trade.value.taker).toMatchObject({
      orderId: buy.orderId,
      accountId: 'buyer',
      side: Side.BUY,
      remainingLots: 0n,
    });
    await running.order.cancelAll({ commandId: uuidV7(), symbol: 'ACME' });
  });

  it('repeats the answer to a repeated order, and refuses another order under its id', async () => {
    const order = newOrder('buy', { priceTicks: 50n });
    const first = await running.order.submit({ orders: [order] });
    await running.order.cancel({
      items: [{ commandId: uuidV7(), orderId: order.orderId, accountId: 'buyer', symbol: 'ACME' }],
    });
    const sequence = await head();
    expect(await running.order.submit({ orders: [order] })).toEqual(first);
    const { results } = await running.order.submit({ orders: [{ ...order, priceTicks: 51n }] });
    expect(results[0]).toMatchObject({ outcome: REJECTED, reason: ErrorReason.ORDER_ID_REUSED });
    expect(await head()).toBe(sequence);
  });

  it('gives fifty equal answers to fifty equal calls at once', async () => {
    const order = newOrder('buy', { priceTicks: 40n });
    const calls = await Promise.all(Array.from({ length: 50 }, () => running.order.submit({ orders: [order] })));
    expect(
      new Set(calls.map(({ results }) => JSON.stringify(results, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))).size,
    ).toBe(1);
    await running.order.cancelAll({ commandId: uuidV7(), symbol: 'ACME' });
  });

  it('rejects each malformed item by itself and leaves the state hash unchanged', async () => {
    const before = await stateHash();
    const bad: [terms: OrderInit, field: string][] = [
      [{ priceTicks: 0n }, 'price_ticks'],
      [{ priceTicks: 2n ** 31n }, 'price_ticks'],
      [{ quantityLots: -1n }, 'quantity_lots'],
      [{ quantityLots: 2n ** 53n }, 'quantity_lots'],
      [{ orderId: 'x' }, 'order_id'],
      [{ accountId: '' }, 'account_id'],
      [{ symbol: 'acme' }, 'symbol'],
      [{ side: Side.UNSPECIFIED }, 'side'],
      [{ type: OrderType.MARKET }, 'type'],
      [{ timeInForce: 9 as TimeInForce }, 'time_in_force'],
      [{ postOnly: true, timeInForce: TimeInForce.IOC }, 'post_only'],
      [{ selfTradeGroup: 'two words' }, 'self_trade_group'],
      [{ selfTradePrevention: 9 as SelfTradePrevention }, 'self_trade_prevention'],
    ];
    const { results } = await running.order.submit({ orders: bad.map(([terms]) => newOrder('buy', terms)) });
    expect(results.map(({ outcome, reason, metadata }) => [outcome, reason, metadata.field])).toEqual(
      bad.map(([, field]) => [REJECTED, ErrorReason.INVALID_FIELD, field]),
    );
    expect(await stateHash()).toBe(before);
  });

  it('fails a call of more than 500 orders as a whole', async () => {
    const orders = Array.from({ length: 501 }, () => newOrder('buy'));
    await expect(running.order.submit({ orders })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('admits only the order service', async () => {
    const rejected = running.market.submit({ orders: [newOrder('buy')] });
    await expect(rejected).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
  });
});

describe('Void', () => {
  it('refuses a later submit, with one event on the feed', async () => {
    const before = await head();
    const order = newOrder('sell');
    const item = { orderId: order.orderId, accountId: 'seller', symbol: 'ACME' };
    const first = await running.order.void({ items: [item] });
    const late = await running.order.submit({ orders: [order] });
    expect(first.results[0]).toMatchObject({ outcome: ACCEPTED });
    expect(late.results[0]).toMatchObject({ outcome: REJECTED, reason: ErrorReason.ORDER_VOIDED });
    expect(await running.order.void({ items: [item] })).toEqual(first);
    const events = await readFeed(running, before, await head());
    expect(events.map(({ event }) => event.case)).toEqual(['cancelled']);
    expect(events[0]?.event.value).toMatchObject({ reason: CancelReason.VOIDED, orderId: order.orderId });
  });
});

describe('Replace', () => {
  it('answers with the present revision', async () => {
    const order = newOrder('buy', { priceTicks: 30n });
    await running.order.submit({ orders: [order] });
    const item = { orderId: order.orderId, accountId: 'buyer', symbol: 'ACME', priceTicks: 30n, quantityLots: 5n };
    const { results } = await running.order.replace({
      items: [
        { ...item, commandId: uuidV7(), expectedRevision: 1 },
        { ...item, commandId: uuidV7(), expectedRevision: 1 },
      ],
    });
    expect(results[0]).toMatchObject({ outcome: ACCEPTED, revision: 2, restingLots: 5n });
    expect(results[1]).toMatchObject({ reason: ErrorReason.ORDER_REVISION_STALE, metadata: { revision: '2' } });
    await running.order.cancelAll({ commandId: uuidV7(), accountId: 'buyer' });
  });
});

describe('SetTradingState', () => {
  it('halts a book: orders are refused with the symbol, cancels are taken', async () => {
    const order = newOrder('buy', { priceTicks: 20n });
    await running.order.submit({ orders: [order] });
    await running.market.setTradingState({ commandId: uuidV7(), symbol: 'ACME', state: TradingState.HALTED });
    const refused = await running.order.submit({ orders: [newOrder('buy')] });
    expect(refused.results[0]).toMatchObject({ reason: ErrorReason.INSTRUMENT_HALTED, metadata: { symbol: 'ACME' } });
    const all = await running.order.cancelAll({ commandId: uuidV7(), accountId: 'buyer' });
    expect(all.cancelledCount).toBe(1);
    await running.market.setTradingState({ commandId: uuidV7(), symbol: 'ACME', state: TradingState.CONTINUOUS });
  });
});

describe('ListSymbol', () => {
  it('accepts the same terms in another spelling and refuses other ones', async () => {
    const again = await running.market.listSymbol({ listing: { ...acme, tickSize: '0.010' } });
    expect(again.result?.outcome).toBe(ACCEPTED);
    const other = await running.market.listSymbol({ listing: { ...acme, lotSize: '2' } });
    expect(other.result).toMatchObject({ outcome: REJECTED, reason: ErrorReason.SYMBOL_ALREADY_LISTED });
    const odd = running.market.listSymbol({ listing: { ...acme, symbol: 'ODD', lotSize: '0.00005' } });
    await expect(odd).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('answers with the band in prices when an order is outside of it', async () => {
    await running.market.listSymbol({
      listing: { ...acme, symbol: 'BAND', bandBps: 1_000, referencePriceTicks: 10_000n },
    });
    const { results } = await running.order.submit({
      orders: [newOrder('buy', { symbol: 'BAND', priceTicks: 11_001n })],
    });
    expect(results[0]).toMatchObject({
      reason: ErrorReason.PRICE_OUT_OF_BAND,
      metadata: { price: '110.01', low: '90.00', high: '110.00' },
    });
  });
});

describe('GetBooks', () => {
  it('shows the levels of each book, best first, at the sequence it names', async () => {
    const orders = [newOrder('buy', { priceTicks: 10n }), newOrder('buy', { priceTicks: 12n }), newOrder('sell')];
    const { results } = await running.order.submit({ orders });
    const { sequence, books } = await running.feed.getBooks({ shard: 0 });
    expect(sequence).toBe(results[2]?.feedSequence);
    const book = books.find(({ listing }) => listing?.symbol === 'ACME');
    expect(book?.bids.map(({ priceTicks, quantityLots }) => [priceTicks, quantityLots])).toEqual([
      [12n, 10n],
      [10n, 10n],
    ]);
    expect(book?.asks).toHaveLength(1);
    expect(book?.state).toBe(TradingState.CONTINUOUS);
    await running.order.cancelAll({ commandId: uuidV7(), symbol: 'ACME' });
  });
});

describe('Follow', () => {
  it('begins at any sequence, also inside a group, and continues live without a gap', async () => {
    const first = await readFeed(running, 0n, await head());
    const middle = BigInt(Math.floor(first.length / 2));
    const stop = new AbortController();
    const seen: bigint[] = [];
    const live = (async () => {
      const last = (await head()) + 40n;
      const pages = running.feed.follow({ shard: 0, afterSequence: middle }, { signal: stop.signal });
      for await (const { events } of pages) {
        seen.push(...events.map(({ sequence }) => sequence));
        if ((seen.at(-1) ?? 0n) >= last) return;
      }
    })();
    for (let i = 0; i < 20; i++)
      await running.order.submit({ orders: [newOrder('buy', { priceTicks: 5n + BigInt(i) })] });
    await live;
    stop.abort();
    expect(seen[0]).toBe(middle + 1n);
    expect(seen.every((sequence, i) => sequence === middle + 1n + BigInt(i))).toBe(true);
  });

  it('refuses a position past the head', async () => {
    const stream = running.feed.follow({ shard: 0, afterSequence: 1_000_000n });
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: Code.OUT_OF_RANGE,
      reason: ErrorReason.FEED_POSITION_UNKNOWN,
    });
  });
});
