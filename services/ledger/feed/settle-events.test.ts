import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { FeedPage } from '#platform/feed/consume-feed.ts';
import { FeedApplier } from '#platform/feed/feed-applier.ts';
import { PositionMovedError } from '#platform/feed/position.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createFeedWriter, type FeedWriter } from '../events/feed-writer.ts';
import { placeInTurn } from '../holds/place-holds.ts';
import { interrupted, untilWaiting } from '../testing/books.ts';
import { requestOf } from '../testing/orders.ts';
import { newPair, startTradingFixture, type TestPair, type TradingFixture } from '../testing/trading-fixture.ts';
import { settlementOf } from './consume-exchange.ts';
import type { SettleOptions } from './settle-events.ts';

let fixture: TradingFixture;
let feed: FeedWriter;
let runNumber = 0;

beforeAll(async () => {
  fixture = await startTradingFixture();
  feed = await createFeedWriter({ db: fixture.db, logger: silentLogger, nowMs: Date.now });
  await fixture.db.query(
    `INSERT INTO platform.lease (name, holder, token, expire_time) VALUES ('test', 'test', 1, now())`,
  );
});
beforeEach(() => {
  runNumber += 1;
});
afterAll(async () => {
  await feed?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** A page of trades that only the test settles. */
async function tradesOf(...pairs: TestPair[]): Promise<FeedPage<FeedEvent>> {
  const entries = pairs.map((pair, index) =>
    create(FeedEventSchema, {
      sequence: BigInt(index + 1),
      symbol: 'ACME',
      timeMs: 1n,
      event: fixture.fullTrade(pair),
    }),
  );
  return { entries, epoch: 'first', headSequence: BigInt(entries.length), fingerprint: '' };
}

/** One consumer of this test's feed. */
async function openConsumer(given: Partial<SettleOptions> & { db?: Database; token?: bigint } = {}) {
  const { db = fixture.db, token = 1n, ...options } = given;
  const settlement = settlementOf({ feed, nowMs: Date.now, ...options });
  const fence = { leaseName: 'test', token };
  const consumer = new FeedApplier({ db, feed: `test.${runNumber}`, ...settlement }, fence);
  await consumer.begin();
  return consumer;
}

async function readAll() {
  const { buyer, seller } = fixture;
  return {
    trades: await fixture.countTrades(),
    buyer: await fixture.assetsOf(buyer),
    seller: await fixture.assetsOf(seller),
  };
}

describe('settleEvents', () => {
  it('stores nothing of a run that was cut off before its commit, and settles it whole the next time', async () => {
    const page = await tradesOf(await fixture.placePair(), await fixture.placePair());
    const before = await readAll();
    const broken = {
      append: async (...args: Parameters<FeedWriter['append']>) => {
        await fixture.db.breakConnections();
        return feed.append(...args);
      },
    };
    // One attempt, as a process that dies makes it: its connection breaks in the middle of the transaction.
    await using dying = openDatabase({ url: fixture.db.url, applicationName: 'dying', logger: silentLogger });
    const once = {
      ...dying,
      transaction: <T>(work: (tx: Sql) => Promise<T>) => dying.transaction(work, { attemptsMax: 1 }),
    };
    const dead = await openConsumer({ db: once, feed: broken });
    await expect(dead.take(page)).rejects.toThrow();
    // Every connection broke: the pools of the test and of the ledger need a moment, too.
    expect(await eventually(readAll)).toEqual(before);
    await using next = await openConsumer();
    await next.take(page);
    expect(next.position).toBe(2n);
    expect(await fixture.countTrades()).toBe(before.trades + 2);
  });

  it('settles a run once when two consumers apply it at the same time, or again after it', async () => {
    const page = await tradesOf(await fixture.placePair(), await fixture.placePair());
    const before = await fixture.countTrades();
    const [one, other, late] = [await openConsumer(), await openConsumer(), await openConsumer()] as const;
    const outcomes = await Promise.allSettled([one.take(page), other.take(page)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(late.take(page)).rejects.toThrow(PositionMovedError);
    expect(await fixture.countTrades()).toBe(before + 2);
  });

  it('settles nothing for a holder whose lease was taken over', async () => {
    const page = await tradesOf(await fixture.placePair());
    const before = await fixture.countTrades();
    const overtaken = await openConsumer({ token: 0n });
    await expect(overtaken.take(page)).rejects.toThrow('taken over');
    expect(await fixture.countTrades()).toBe(before);
    await using current = await openConsumer();
    await current.take(page);
    expect(await fixture.countTrades()).toBe(before + 1);
  });

  it('begins again when a hold is taken while it waits for the balances', async () => {
    const { buyer, seller } = fixture;
    const pair = newPair(buyer, seller);
    const page = await tradesOf(pair);
    const before = await readAll();
    let attempts = 0;
    const counting = (tx: Sql): Sql => ({
      query(text, values) {
        if (text.includes('locked_hold')) attempts += 1;
        return tx.query(text, values);
      },
    });
    const counted: Database = {
      ...fixture.db,
      transaction: (work, options) => fixture.db.transaction((tx) => work(counting(tx)), options),
    };
    await using consumer = await openConsumer({ db: counted });
    let settling: Promise<void> | undefined;
    // The holds are taken by a transaction that has its balances before settlement asks for them, and commits while that waits.
    const slow = interrupted(fixture.db, 'FOR UPDATE OF balance', async () => {
      settling = consumer.take(page);
      await untilWaiting(fixture.db, 1);
    });
    const taken = await placeInTurn(slow, [requestOf(pair.maker), requestOf(pair.taker)], Date.now());
    expect(taken).toEqual([undefined, undefined]);
    await settling;
    expect(attempts).toBe(2);
    const after = await readAll();
    expect(after.trades).toBe(before.trades + 1);
    expect([after.buyer.held, after.seller.sharesHeld]).toEqual([before.buyer.held, before.seller.sharesHeld]);
  });
});
