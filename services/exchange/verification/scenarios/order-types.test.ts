import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { CancelReason, StateCause } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { ListType, OrderType, Side, TimeInForce, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { acme, newOrder, readFeed } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';

let database: TestDatabase;
let running: TestExchange;
let before: bigint;

const { ACCEPTED, REJECTED } = CommandOutcome;
const head = async () => (await running.order.getShard({ shard: 0 })).headSequence;
const stateHash = async () => (await running.order.getShard({ shard: 0 })).stateHash;
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
  it('accepts each type with its terms, and reports the fate of each', async () => {
    const iceberg = newOrder('sell', { type: OrderType.ICEBERG, displayLots: 4n, priceTicks: 101n });
    const stop = newOrder('buy', { type: OrderType.STOP_LIMIT, stopPriceTicks: 101n, priceTicks: 90n, accountId: 'c' });
    const taker = newOrder('buy', {
      priceTicks: 101n,
      quantityLots: 4n,
      minimumLots: 4n,
      timeInForce: TimeInForce.IOC,
    });
    const { results } = await running.order.submit({ orders: [iceberg, stop, taker] });
    expect(results.map(({ outcome }) => outcome)).toEqual([ACCEPTED, ACCEPTED, ACCEPTED]);
    expect(await cases()).toEqual([
      ...['accepted', 'levelChanged', 'accepted', 'accepted', 'traded', 'refreshed', 'triggered', 'levelChanged'],
    ]);
    const events = await newEvents();
    expect(events[0]?.event.value).toMatchObject({ order: { type: OrderType.ICEBERG, displayLots: 4n } });
    expect(events[5]?.event.value).toMatchObject({ orderId: iceberg.orderId, shownLots: 4n });
    expect(events[6]?.event.value).toMatchObject({ orderId: stop.orderId, stopPriceTicks: 101n, lastPriceTicks: 101n });
  });

  it('refuses an expired order and an unknown session, as outcomes that are journalled', async () => {
    const late = newOrder('buy', { timeInForce: TimeInForce.GTD, expireTimeMs: 1n });
    const alone = newOrder('buy', { sessionId: 'unknown' });
    const { results } = await running.order.submit({ orders: [late, alone] });
    expect(results.map(({ reason }) => reason)).toEqual([ErrorReason.EXPIRE_TIME_PAST, ErrorReason.SESSION_UNKNOWN]);
    expect(await cases()).toEqual(['rejected', 'rejected']);
  });

  it('gives an order of an unknown symbol an outcome on the feed, and repeats it', async () => {
    const headSequence = await head();
    const order = newOrder('buy', { symbol: 'NONE' });
    const first = await running.order.submit({ orders: [order] });
    const feedSequence = headSequence + 1n;
    expect(first.results).toMatchObject([{ outcome: REJECTED, reason: ErrorReason.SYMBOL_UNKNOWN, feedSequence }]);
    expect(await running.order.submit({ orders: [order] })).toEqual(first);
    const [event] = await readFeed(running, headSequence, feedSequence);
    const { orderId, accountId } = order;
    expect(event).toMatchObject({ symbol: 'NONE', event: { case: 'rejected', value: { orderId, accountId } } });
  });
});

describe('SubmitList', () => {
  it('carries out lists as a whole, repeats their outcome, and rejects a malformed order without an event', async () => {
    const entry = newOrder('buy', { accountId: 'x' });
    const exit = (terms: object) => newOrder('sell', { accountId: 'x', ...terms });
    const orders = [
      entry,
      exit({ priceTicks: 110n }),
      exit({ type: OrderType.TRAILING_STOP, trailBps: 500, priceTicks: 1n }),
    ];
    const list = { listId: uuidV7(), type: ListType.BRACKET, orders };
    const first = await running.order.submitList({ lists: [list] });
    expect(first.results[0]).toMatchObject({ key: list.listId, outcome: ACCEPTED });
    expect((await newEvents()).slice(0, 3).map(({ event }) => event.value)).toMatchObject([
      ...[0, 1, 2].map((listPlace) => ({ listId: list.listId, listType: ListType.BRACKET, listPlace })),
    ]);
    const hash = await stateHash();
    expect(await running.order.submitList({ lists: [list] })).toEqual(first);
    const odd = { listId: uuidV7(), type: ListType.OCO, orders: [exit({}), exit({ priceTicks: 0n })] };
    const { results } = await running.order.submitList({ lists: [odd] });
    expect(results[0]).toMatchObject({ outcome: REJECTED, reason: ErrorReason.INVALID_FIELD, key: odd.listId });
    expect(results[0]?.metadata.field).toBe('orders[1].price_ticks');
    expect(await stateHash()).toBe(hash);
  });
});

describe('CommandResult', () => {
  it('counts what all orders of a list have open when the list was carried out', async () => {
    const bid = newOrder('buy', { quantityLots: 3n });
    const exit = (priceTicks: bigint) => newOrder('sell', { accountId: 'x', priceTicks, quantityLots: 10n });
    const list = { listId: uuidV7(), type: ListType.OCO, orders: [exit(110n), exit(100n)] };
    await running.order.submit({ orders: [{ ...bid, priceTicks: 100n }] });
    const { results } = await running.order.submitList({ lists: [list] });
    expect(results[0]).toMatchObject({ tradedLots: 3n, restingLots: 14n, revision: 0 });
  });

  it('says that an order has nothing open which the stop that it elected filled', async () => {
    const wait = newOrder('sell', { quantityLots: 6n, priceTicks: 110n });
    const stop = newOrder('sell', { type: OrderType.STOP, stopPriceTicks: 105n, priceTicks: 90n, quantityLots: 4n });
    const past = newOrder('buy', { quantityLots: 1n, priceTicks: 108n });
    const last = newOrder('sell', { quantityLots: 1n, priceTicks: 108n });
    const offer = newOrder('sell', { quantityLots: 6n, priceTicks: 105n });
    const order = newOrder('buy', { quantityLots: 10n, priceTicks: 105n });
    const { results } = await running.order.submit({ orders: [wait, past, last, stop, offer, order] });
    expect(results.map(({ tradedLots, restingLots }) => [tradedLots, restingLots])).toEqual([
      ...[
        [0n, 6n],
        [0n, 1n],
        [1n, 0n],
        [0n, 4n],
        [0n, 6n],
        [10n, 0n],
      ],
    ]);
  });
});

describe('KeepAlive', () => {
  it('opens a session for its own account, whose orders go when it is not renewed', async () => {
    const session = { shard: 0, sessionId: uuidV7(), accountId: 'buyer' };
    const { result } = await running.order.keepAlive({ ...session, ttlMs: 1_000n });
    expect(result).toMatchObject({ key: session.sessionId, outcome: ACCEPTED });
    const other = await running.order.keepAlive({ ...session, accountId: 'other', ttlMs: 1_000n });
    expect(other.result).toMatchObject({ outcome: REJECTED, reason: ErrorReason.SESSION_UNKNOWN });
    const order = newOrder('buy', { sessionId: session.sessionId, priceTicks: 3n });
    expect((await running.order.submit({ orders: [order] })).results[0]?.outcome).toBe(ACCEPTED);
    const last = before + 4n;
    const events = await readFeed(running, before, last);
    expect(events[2]?.event.value).toMatchObject({ orderId: order.orderId, reason: CancelReason.DISCONNECTED });
  });

  it.each([999n, 3_600_001n, -1n])('refuses a time to live of %i ms', async (ttlMs) => {
    const refused = running.order.keepAlive({ shard: 0, sessionId: 's', accountId: 'a', ttlMs });
    await expect(refused).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});

describe('SetTradingState', () => {
  it('collects orders and uncrosses them at one price', async () => {
    const set = (state: TradingState) => running.market.setTradingState({ commandId: uuidV7(), symbol: 'ACME', state });
    await set(TradingState.OPENING_AUCTION);
    await running.order.submit({
      orders: [newOrder('buy', { priceTicks: 105n }), newOrder('sell', { priceTicks: 95n })],
    });
    await set(TradingState.CONTINUOUS);
    const events = await newEvents();
    const traded = events.find(({ event }) => event.case === 'traded')?.event.value;
    expect(events.find(({ event }) => event.case === 'uncrossed')?.event.value).toMatchObject({ quantityLots: 10n });
    expect(traded).toMatchObject({ auction: true, quantityLots: 10n });
    const state = { state: TradingState.CONTINUOUS, cause: StateCause.UNSPECIFIED };
    expect(events.findLast(({ event }) => event.case === 'stateChanged')?.event.value).toMatchObject(state);
  });
});

describe('SplitSymbol', () => {
  it('is refused for a listed symbol, and changes nothing', async () => {
    await running.market.listSymbol({ listing: { ...acme, symbol: 'SPLIT' } });
    await running.order.submit({ orders: [newOrder('buy', { symbol: 'SPLIT' })] });
    const hash = await stateHash();
    const request = { commandId: uuidV7(), symbol: 'SPLIT', numerator: 2, denominator: 1 };
    const refusal = { code: Code.FAILED_PRECONDITION, reason: ErrorReason.SPLIT_NOT_SUPPORTED };
    await expect(running.market.splitSymbol(request)).rejects.toMatchObject(refusal);
    const unlisted = running.market.splitSymbol({ ...request, symbol: 'NONE' });
    await expect(unlisted).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    const odd = running.market.splitSymbol({ ...request, denominator: 2 });
    await expect(odd).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    expect(await stateHash()).toBe(hash);
  });
});

describe('GetOrderQueue', () => {
  it('returns the orders in the order in which they would trade, page by page', async () => {
    const orders = Array.from({ length: 7 }, (_, i) => newOrder('sell', { priceTicks: 100n + BigInt(i % 3) }));
    await running.order.submit({ orders });
    const expected = [0, 3, 6, 1, 4, 2, 5].map((i) => orders[i]?.orderId);
    const query = { symbol: 'ACME', side: Side.SELL, pageSize: 3 };
    const found: string[] = [];
    let pageToken = '';
    do {
      const page = await running.feed.getOrderQueue({ ...query, pageToken });
      expect(page.orders.length).toBeLessThanOrEqual(3);
      expect(page.sequence).toBe(await head());
      found.push(...page.orders.map(({ orderId }) => orderId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(found).toEqual(expected);
  });

  it('has pages of GetOrderQueue on which each order that retains its priority is once, while others come, trade and go', async () => {
    const orders = Array.from({ length: 9 }, (_, i) => newOrder('sell', { priceTicks: 100n + BigInt(i % 3) }));
    await running.order.submit({ orders });
    const expected = [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => orders[i]?.orderId ?? '');
    const query = { symbol: 'ACME', side: Side.SELL, pageSize: 2 };
    const found: string[] = [];
    for (let [pageToken, step] = ['', 0]; ; step += 1) {
      const page = await running.feed.getOrderQueue({ ...query, pageToken });
      found.push(...page.orders.map(({ orderId }) => orderId));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
      // The best one trades, one comes before all others, and one behind them.
      const others = [newOrder('buy', { priceTicks: 103n, timeInForce: TimeInForce.IOC })];
      others.push(newOrder('sell', { priceTicks: 99n }), newOrder('sell', { priceTicks: 110n }));
      if (step < 4) await running.order.submit({ orders: others });
    }
    expect(found.filter((orderId) => expected.includes(orderId))).toEqual(expected);
  });

  it('shows nothing before it is committed', async () => {
    const order = newOrder('buy', { priceTicks: 7n });
    const done: string[] = [];
    const submitted = running.order.submit({ orders: [order] }).then(() => done.push('submitted'));
    const term = running.exchange.deps.replicas.get(0)?.term();
    for (let tries = 0; tries < 1_000 && !done.includes('submitted'); tries++) {
      const page = await term?.readQueue({ symbol: 'ACME', side: Side.BUY, after: undefined, limit: 10 });
      const [seen] = page?.orders ?? [];
      if (seen) expect(page?.sequence).toBeLessThanOrEqual(term?.head().sequence ?? 0);
    }
    await submitted;
  });

  it('refuses unknown symbols, sides, sizes and tokens', async () => {
    const get = (request: object) => running.feed.getOrderQueue({ symbol: 'ACME', side: Side.BUY, ...request });
    await expect(get({ symbol: 'NONE' })).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_UNKNOWN });
    await expect(get({ side: Side.UNSPECIFIED })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    await expect(get({ pageSize: 1_001 })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    await expect(get({ pageToken: 'x' })).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });
});
