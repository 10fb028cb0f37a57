import { create, fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { SettlementHaltedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { PositionMovedError } from '#platform/feed/position.ts';
import type { Sql } from '#platform/postgres/database.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { Entry } from '../domain/entry.ts';
import { createFeedWriter } from '../events/feed-writer.ts';
import { readShard } from '../store/shards.ts';
import { startWorld, type TestPerson, type World } from '../testing/fixture.ts';
import { cancelled, holdItem, type TestHold, traded } from '../testing/orders.ts';
import { positionNameOf } from './consume-exchange.ts';
import { settleEvents } from './settle-events.ts';

let world: World;
let buyer: TestPerson;
let seller: TestPerson;
let tradeNumber = 0;

beforeAll(async () => {
  world = await startWorld();
  buyer = await world.person({ cash: '1000000' });
  seller = await world.person({ shares: { ACME: '100000' } });
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Places a pair of orders of `lots` lots that will meet at 1.00. */
async function placePair(lots = 10n): Promise<{ maker: TestHold; taker: TestHold }> {
  const maker = holdItem({ accountId: seller.accountId, side: Side.SELL, quantityLots: lots });
  const taker = holdItem({ accountId: buyer.accountId, quantityLots: lots });
  const { results } = await world.clients.order.placeHolds({ items: [maker, taker] });
  expect(results.every(({ held }) => held)).toBe(true);
  return { maker, taker };
}

function fullTrade({ maker, taker }: { maker: TestHold; taker: TestHold }) {
  tradeNumber += 1;
  const lots = maker.quantityLots;
  return traded({ tradeId: `0-${tradeNumber}`, maker, taker, lots, priceTicks: 100n, makerLeft: 0n, takerLeft: 0n });
}

async function settledUpTo(sequence: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await world.db.query<{ sequence: bigint }>(
      'SELECT sequence FROM platform.feed_position WHERE name = $1',
      [positionNameOf(0)],
    );
    expect(rows[0]?.sequence).toBe(BigInt(sequence));
  });
}

async function countTrades(sql: Sql = world.db): Promise<number> {
  const { rows } = await sql.query<{ count: bigint }>(`SELECT count(*) FROM entry WHERE kind = 'trade'`);
  return Number(rows[0]?.count);
}

async function assetsOf({ userToken }: TestPerson) {
  const { cash, shares } = await world.clients.ledger.getBalances({}, { userToken });
  return { cash: cash?.total, held: cash?.held, shares: shares[0]?.total ?? '0', sharesHeld: shares[0]?.held ?? '0' };
}

describe('followExchange', () => {
  it('settles a partial fill and frees the rest when the order is cancelled, with statement and feed', async () => {
    const { maker, taker } = await placePair();
    tradeNumber += 1;
    const tradeId = `0-${tradeNumber}`;
    const part = { maker, taker, lots: 4n, priceTicks: 100n, makerLeft: 6n, takerLeft: 6n };
    world.peers.append('ACME', traded({ tradeId, ...part }), cancelled(taker, 6n), cancelled(maker, 6n));
    await settledUpTo(3);
    expect(await assetsOf(buyer)).toEqual({ cash: '999995.99', held: '0.00', shares: '4', sharesHeld: '0' });
    expect(await assetsOf(seller)).toEqual({ cash: '3.99', held: '0.00', shares: '99996', sharesHeld: '0' });
    const { entries } = await world.clients.ledger.listStatement({ pageSize: 3 }, buyer);
    expect(entries.map(({ asset, amount, reference, orderId }) => [asset, amount, reference, orderId])).toEqual([
      ['USD', '-0.01', tradeId, taker.orderId],
      ['ACME', '4', tradeId, taker.orderId],
      ['USD', '-4.00', tradeId, taker.orderId],
    ]);
    const last = await readFeed(entries[0]?.sequence ?? 0n);
    expect(last).toMatchObject({
      case: 'tradeSettled',
      value: {
        tradeId,
        quantityMicros: 4_000_000n,
        valueCents: 400n,
        buyer: { feeCents: 1n },
        seller: { feeCents: 1n },
      },
    });
  });

  it('settles nothing twice when replicas come and go while events flow', async () => {
    const before = await countTrades();
    const { cash: cashBefore } = await assetsOf(seller);
    const replicas = [await world.startReplica(), await world.startReplica()];
    const pairs = [];
    for (let i = 0; i < 60; i += 1) pairs.push(await placePair(1n));
    for (const [index, pair] of pairs.entries()) {
      world.peers.append('ACME', fullTrade(pair));
      if (index % 20 !== 10) continue;
      await replicas.shift()?.app.shutdown();
      replicas.push(await world.startReplica());
    }
    await settledUpTo(world.peers.events.length);
    expect((await countTrades()) - before).toBe(60);
    // A sale of 1.00 pays a fee of 0.01.
    const { cash, sharesHeld } = await assetsOf(seller);
    expect(cents(cash) - cents(cashBefore)).toBe(60n * 99n);
    expect(sharesHeld).toBe('0');
  });
});

describe('settleEvents', () => {
  const lease = { name: 'test', token: 1n };

  /** A run of events that only the test settles. */
  async function freshRun() {
    const events = [];
    const pairs = [await placePair(), await placePair()];
    await world.db.query(
      `INSERT INTO platform.lease (name, holder, token, expire_time) VALUES ('test', 'test', 1, now()) ON CONFLICT DO NOTHING`,
    );
    for (const pair of pairs) events.push(fullTrade(pair));
    const positionName = `test.${tradeNumber}`;
    const sequenced = events.map((event, index) => ({
      sequence: BigInt(index + 1),
      symbol: 'ACME',
      timeMs: 1n,
      event,
    }));
    return { positionName, events: sequenced.map((event) => create(FeedEventSchema, event)) };
  }

  it('keeps nothing of a run that was cut off before its commit, and settles it whole the next time', async () => {
    const { positionName, events } = await freshRun();
    const before = { trades: await countTrades(), buyer: await assetsOf(buyer), seller: await assetsOf(seller) };
    const broken = {
      append: async (tx: Sql, entries: readonly Entry[]) => {
        await world.db.breakConnections();
        return feed.append(tx, entries);
      },
    };
    await using feed = await createFeedWriter({ db: world.db, logger: silentLogger, now: Date.now });
    // One attempt as a process that dies would make it: its connection breaks in the middle of the transaction.
    await using dying = openDatabase({ url: world.db.url, applicationName: 'dying', logger: silentLogger });
    const once = {
      ...dying,
      transaction: <T>(work: (tx: Sql) => Promise<T>) => dying.transaction(work, { attemptsMax: 1 }),
    };
    const options = { positionName, lease, events, now: Date.now };
    await expect(settleEvents({ ...options, db: once, feed: broken })).rejects.toThrow();
    const readAll = async () => ({
      trades: await countTrades(),
      buyer: await assetsOf(buyer),
      seller: await assetsOf(seller),
    });
    // Every connection broke: the pools of the test and of the ledger need a moment, too.
    expect(await eventually(readAll)).toEqual(before);
    expect(await settleEvents({ ...options, db: world.db, feed })).toBe(2);
    expect(await countTrades()).toBe(before.trades + 2);
  });

  it('settles a run once when two followers apply it at the same time, or again after it', async () => {
    const { positionName, events } = await freshRun();
    const before = await countTrades();
    await using feed = await createFeedWriter({ db: world.db, logger: silentLogger, now: Date.now });
    const options = { db: world.db, feed, positionName, lease, events, now: Date.now };
    const outcomes = await Promise.allSettled([settleEvents(options), settleEvents(options)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(settleEvents(options)).rejects.toThrow(PositionMovedError);
    expect(await countTrades()).toBe(before + 2);
  });

  it('settles nothing for a holder whose lease was taken over', async () => {
    const { positionName, events } = await freshRun();
    await using feed = await createFeedWriter({ db: world.db, logger: silentLogger, now: Date.now });
    const late = { name: 'test', token: 0n };
    const call = settleEvents({ db: world.db, feed, positionName, lease: late, events, now: Date.now });
    await expect(call).rejects.toThrow('taken over');
    await settleEvents({ db: world.db, feed, positionName, lease, events, now: Date.now });
  });
});

describe('a halted shard', () => {
  it('settles what came before the impossible event, raises the alarm once, and skips nothing', async () => {
    const [before, missing, after] = [await placePair(), await placePair(), await placePair()];
    const start = world.peers.events.length;
    const alarms: { key: string; sequence: bigint }[] = [];
    await using bus = createPostgresBus({ url: world.bus.url, serviceName: 'test', logger: silentLogger });
    await bus.subscribe({
      queue: 'test.alarms',
      types: [SettlementHaltedSchema.typeName],
      handle: async ({ key, payload }) => {
        alarms.push({ key, sequence: fromBinary(SettlementHaltedSchema, payload).sequence });
      },
    });
    // The row is lost: the trade cannot be settled any more.
    const { rows } = await world.db.query<{ state: string }>(
      `UPDATE hold SET state = 'released', amount = 0 WHERE order_id = $1 RETURNING state`,
      [missing.taker.orderId],
    );
    expect(rows).toHaveLength(1);
    world.peers.append('ACME', fullTrade(before), fullTrade(missing), fullTrade(after));
    await eventually(async () => {
      expect((await readShard(world.db, 0)).halt).toMatchObject({ sequence: BigInt(start + 2) });
    });
    await settledUpTo(start + 1);
    await eventually(() => expect(alarms).toEqual([{ key: '0', sequence: BigInt(start + 2) }]));
    // The operator has repaired the row and lifts the halt: settlement goes on where it stood.
    await world.db.query(`UPDATE hold SET state = 'open', amount = 1002 WHERE order_id = $1`, [missing.taker.orderId]);
    await world.db.query('UPDATE shard SET halt_sequence = NULL');
    await settledUpTo(start + 3);
    expect(alarms).toHaveLength(1);
  });

  it('is what a shard becomes whose exchange has lost its history', async () => {
    world.peers.epoch = 'second';
    world.peers.append('ACME', fullTrade(await placePair()));
    await eventually(async () => {
      expect((await readShard(world.db, 0)).halt?.cause).toContain('lost its history');
    });
  });
});

function cents(decimal: string | undefined): bigint {
  return BigInt((decimal ?? '0').replace('.', ''));
}

async function readFeed(sequence: bigint) {
  const stream = world.clients.feed.follow({ afterSequence: sequence - 1n });
  for await (const { entries } of stream) if (entries[0]) return entries[0].entry;
  return undefined;
}
