import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createFeedWriter } from '../events/feed-writer.ts';
import { settleEvents } from '../feed/settle-events.ts';
import { placeHolds, placeInTurn } from '../holds/place-holds.ts';
import { releaseHolds } from '../holds/release-holds.ts';
import { openBooks, type TestBooks } from '../testing/books.ts';
import { holdItem, requestOf, traded } from '../testing/orders.ts';
import { listBalances } from './list-balances.ts';
import { listHolds } from './list-holds.ts';
import { listPostings } from './list-postings.ts';
import { readAccounts } from './read-accounts.ts';
import { readEntriesAfter, readHeadSequence } from './read-entries.ts';

let books: TestBooks;
/** Every statement with values that the ledger has run, and the number of its values. */
const statements = new Map<string, number>();

beforeAll(async () => {
  books = await openBooks();
  await runAll(recording(books.db));
});
afterAll(() => books?.[Symbol.asyncDispose]());

function recording(db: Database): Database {
  const record = <S extends Sql>(sql: S): Sql => ({
    query(text, values) {
      if (values) statements.set(text, values.length);
      return sql.query(text, values);
    },
  });
  return {
    ...db,
    ...record(db),
    transaction: (work, options) => db.transaction((tx) => work(record(tx)), options),
  };
}

/** One of everything that the ledger does while it trades. */
async function runAll(db: Database): Promise<void> {
  await using feed = await createFeedWriter({ db: books.db, logger: silentLogger, nowMs: Date.now });
  const buyer = await books.addAccount({ cash: 100_000n });
  const seller = await books.addAccount({ shares: { ACME: 50_000_000n } });
  const taker = holdItem({ accountId: buyer });
  const maker = holdItem({ accountId: seller, side: Side.SELL });
  const limited = holdItem({ accountId: buyer, positionMaxMicros: 100_000_000n });
  await placeHolds(db, [requestOf(taker), requestOf(maker)], Date.now());
  await placeInTurn(
    db,
    [requestOf(limited), requestOf({ ...limited, orderId: holdItem(limited).orderId })],
    Date.now(),
  );
  const trade = traded({ tradeId: '0-1', maker, taker, lots: 5n, priceTicks: 100n, makerLeft: 5n, takerLeft: 5n });
  const ended = { case: 'cancelled', value: { orderId: maker.orderId, accountId: seller } } as const;
  const events = [trade, ended].map((event, index) =>
    create(FeedEventSchema, { sequence: BigInt(index + 1), symbol: 'ACME', event }),
  );
  await db.transaction((tx) => settleEvents(tx, events, { feed, nowMs: Date.now }));
  await releaseHolds(db, [limited.orderId, holdItem(limited).orderId], Date.now());
  await readEntriesAfter(db, 0n, 10);
  await readHeadSequence(db);
  await listBalances(db, buyer);
  await listHolds(db, buyer, undefined, 10);
  await listPostings(db, buyer, undefined, 10);
  await readAccounts(db, [buyer]);
}

/** Reads of whole tables in the plans that serve any values, with the statement's beginning. */
async function findScans(): Promise<string[]> {
  const scans: string[] = [];
  await books.db.transaction(async (tx) => {
    await tx.query(`SET LOCAL plan_cache_mode = force_generic_plan`);
    for (const [text, count] of statements) {
      await tx.query(`PREPARE examined AS ${text}`);
      const values = Array.from({ length: count }, () => 'NULL').join(', ');
      const { rows } = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE examined(${values})`);
      await tx.query('DEALLOCATE examined');
      for (const { 'QUERY PLAN': line } of rows) if (line.includes('Seq Scan')) scans.push(`${line.trim()}: ${text}`);
    }
  });
  return scans;
}

describe('the plans of the ledger', () => {
  it('use an index in tables of a few rows, whose plans are used on when they have grown', async () => {
    expect(statements.size).toBeGreaterThan(14);
    expect(await findScans()).toEqual([]);
    await books.db.query('ANALYZE');
    expect(await findScans()).toEqual([]);
  });

  it('use an index in tables of many rows', async () => {
    await books.db.query(
      `INSERT INTO hold (order_id, state, account_id, symbol, side, lots, price_ticks, tick_lot_cents, lot_micros, maker_bps, taker_bps, create_time)
       SELECT gen_random_uuid(), 'settled', gen_random_uuid(), 'ACME', 'buy', 1, 1, 1, 1, 1, 1, now() FROM generate_series(1, 20000);
       INSERT INTO balance SELECT gen_random_uuid(), 'USD', 1, 0 FROM generate_series(1, 20000);
       INSERT INTO account SELECT gen_random_uuid(), 1, 'active', false FROM generate_series(1, 20000);
       INSERT INTO entry SELECT 1000 + n, 'trade', n, now(), '' FROM generate_series(1, 20000) AS n;
       INSERT INTO posting SELECT 1000 + n, 1, gen_random_uuid(), 'USD', 1, 'trade' FROM generate_series(1, 20000) AS n;
       ANALYZE`,
    );
    expect(await findScans()).toEqual([]);
  });
});
