import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { HoldItemSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { ListType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createLocalProvider } from '../clients/payments/local-provider.ts';
import { paymentProviders } from '../clients/payments/payment-provider.ts';
import { noFaults } from '../domain/payment-fate.ts';
import { createFeedWriter, type FeedWriter } from '../events/feed-writer.ts';
import { settleEvents } from '../feed/settle-events.ts';
import { amendHolds } from '../holds/amend-holds.ts';
import { placeHolds, placeInTurn } from '../holds/place-holds.ts';
import { placeLists } from '../holds/place-lists.ts';
import { releaseHolds } from '../holds/release-holds.ts';
import { readList } from '../rpc/messages/hold-lists.ts';
import { openBooks, type TestBooks } from '../testing/books.ts';
import { listItems } from '../testing/lists.ts';
import { holdItem, requestOf, traded } from '../testing/orders.ts';
import { adjustAccount } from '../transfers/adjust-account.ts';
import { receiveCallback } from '../transfers/receive-callback.ts';
import { reconcilePage, searchUnlisted } from '../transfers/reconcile-payments.ts';
import { storeFinding } from '../transfers/report-finding.ts';
import { createTransferService } from '../transfers/transfer-service.ts';
import { listAdjustments, readAdjustment } from './adjustments.ts';
import { listBalances } from './list-balances.ts';
import { listHolds } from './list-holds.ts';
import { listPostings, placeAt } from './list-postings.ts';
import { listTransfers } from './list-transfers.ts';
import { claimCallbacks, deleteCallback, postponeCallback } from './local-payments/callback-queue.ts';
import { purgeEvents } from './payments/events.ts';
import { listFindings } from './payments/findings.ts';
import { postponeReconciling, readUnreconciled } from './payments/reconciliation.ts';
import { countStuckTransfers, listStuckTransfers } from './payments/stuck.ts';
import { readAccounts } from './read-accounts.ts';
import { readEntriesAfter, readHeadSequence } from './read-entries.ts';
import { readTransferByKey } from './read-transfers.ts';

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
  const buyer = await books.addAccount({ cash: 1_000_000_000n });
  const seller = await books.addAccount({ shares: { ACME: 50_000_000n } });
  const taker = holdItem({ accountId: buyer });
  const maker = holdItem({ accountId: seller, side: Side.SELL });
  const limited = holdItem({ accountId: buyer, positionLimitMicros: 100_000_000n });
  await placeHolds(db, [requestOf(taker), requestOf(maker)], Date.now());
  await placeInTurn(
    db,
    [requestOf(limited), requestOf({ ...limited, orderId: holdItem(limited).orderId })],
    Date.now(),
  );
  const trade = traded({ tradeId: '0-1', maker, taker, lots: 5n, priceTicks: 100n, makerLeft: 5n, takerLeft: 5n });
  const ended = { case: 'cancelled', value: { orderId: maker.orderId, accountId: seller } } as const;
  const change = { orderId: taker.orderId, accountId: buyer, number: 1, commandId: 'c', lots: 12n, priceTicks: 100n };
  await amendHolds(db, [{ ...change, positionMaxMicros: 100_000_000n }]);
  const refused = { case: 'commandRejected', value: { orderId: taker.orderId, commandId: 'c' } } as const;
  const events = [trade, refused, ended].map((event, index) =>
    create(FeedEventSchema, { sequence: BigInt(index + 1), symbol: 'ACME', event }),
  );
  await db.transaction((tx) => settleEvents(tx, events, { feed, nowMs: Date.now }));
  await releaseHolds(db, [limited.orderId, holdItem(limited).orderId], Date.now());
  await placeList(db, { feed, buyer, seller });
  await readEntriesAfter(db, 0n, 10);
  await readHeadSequence(db);
  await listBalances(db, buyer);
  await listHolds(db, buyer, undefined, 10);
  for (const oldestFirst of [false, true]) {
    const filter = { accountId: buyer, kinds: ['fee' as const], fromMs: 0, untilMs: 1, oldestFirst };
    await listPostings(db, filter, {}, 10);
    await placeAt(db, filter, {}, 10);
  }
  await readAccounts(db, [buyer]);
  await adjustOnce(db, feed, buyer);
  await payEveryWay(db, feed, buyer);
}

async function adjustOnce(db: Database, feed: FeedWriter, accountId: string): Promise<void> {
  const terms = { accountId, asset: 'USD', amount: 1n, costMicros: 0n, reason: 'a test', reference: '0-1' };
  const options = { db, feed, nowMs: Date.now };
  const outcome = await adjustAccount(options, { ...terms, adjustedBy: accountId }, 'key');
  if (!('adjustmentId' in outcome)) throw new Error('the adjustment was refused');
  await readAdjustment(db, outcome.adjustmentId);
  for (const owner of [accountId, undefined]) await listAdjustments(db, owner, { limit: 1 });
}

/** A list that trades in part, and one that is released. */
async function placeList(db: Database, { feed, buyer, seller }: { feed: FeedWriter; buyer: string; seller: string }) {
  const given = { accountId: buyer, type: ListType.OTO, exitSide: Side.SELL, prices: [100n, 120n] };
  const read = [listItems(given), listItems(given)].map((items) =>
    readList(items.map((item) => create(HoldItemSchema, item))),
  );
  const lists = read.flatMap((each) => (each.kind === 'list' ? [each.list] : []));
  await placeLists(db, lists, Date.now());
  const taker = holdItem({ accountId: seller, side: Side.SELL, quantityLots: 1n });
  await placeHolds(db, [requestOf(taker)], Date.now());
  const [entry] = lists[0]?.legs ?? [];
  const maker = { ...holdItem({ accountId: buyer }), orderId: entry?.orderId ?? '' };
  const trade = traded({ tradeId: '0-2', maker, taker, lots: 1n, priceTicks: 100n, makerLeft: 9n, takerLeft: 0n });
  const event = create(FeedEventSchema, { sequence: 3n, symbol: 'ACME', event: trade });
  await db.transaction((tx) => settleEvents(tx, [event], { feed, nowMs: Date.now }));
  await releaseHolds(db, lists[1]?.legs.map(({ orderId }) => orderId) ?? [], Date.now());
}

/** A transfer that needs callback, job and reconciliation, and the local provider's own statements. */
async function payEveryWay(db: Database, feed: FeedWriter, accountId: string): Promise<void> {
  const nowMs = () => Date.now() + 3_600_000;
  const switches = { ...noFaults, delayMsMax: 1, repeatedPercent: 100 };
  const local = createLocalProvider({ db, switches, secrets: ['s'.repeat(32)], nowMs });
  const providers = paymentProviders(local);
  const options = { db, providers, feed, nowMs, logger: silentLogger, metrics: createMetrics('test') };
  const transfers = createTransferService({ ...options, accounts: { ensure: async () => {} } });
  const { signal } = new AbortController();
  await transfers.request({ accountId, kind: 'withdrawal', amountMicros: 10_000n }, 'key', signal);
  await transfers.resume(signal);
  await transfers.resumeStuck(signal);
  for (const { callbackId, eventId, key } of await claimCallbacks(db, {
    limit: 9,
    nowMs: nowMs() + 9_999,
    leaseMs: 1,
  })) {
    const callback = await local.writeCallback(eventId, key);
    if (callback) await receiveCallback(options, local.name, callback);
    await postponeCallback(db, callbackId, new Date());
    await deleteCallback(db, callbackId);
  }
  await reconcilePage(options, local, signal);
  await searchUnlisted(options, signal);
  await readUnreconciled(db, new Date(), 1);
  await postponeReconciling(db, accountId, new Date());
  await storeFinding(db, 'p', { rule: 'unknown-here', paymentKey: 'k', expected: '', found: '' }, new Date());
  await listFindings(db, { limit: 1 });
  await listStuckTransfers(db, { limit: 1 });
  await countStuckTransfers(db, 1);
  for (const oldestFirst of [false, true])
    await listTransfers(db, accountId, { kind: 'deposit', oldestFirst }, { limit: 1 });
  await readTransferByKey(db, accountId, 'key');
  await purgeEvents(db, new Date(0), 1);
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
    expect(statements.size).toBeGreaterThan(40);
    expect(await findScans()).toEqual([]);
    await books.db.query('ANALYZE');
    expect(await findScans()).toEqual([]);
  });

  it('use an index in tables of many rows', async () => {
    // One after the other: together they take longer than a statement may on a busy machine.
    for (const text of [
      `INSERT INTO hold (order_id, state, account_id, symbol, side, lots, price_ticks, tick_lot_micros, lot_micros, maker_bps, taker_bps, create_time)
         SELECT gen_random_uuid(), 'settled', gen_random_uuid(), 'ACME', 'buy', 1, 1, 1, 1, 1, 1, now() FROM generate_series(1, 20000)`,
      `INSERT INTO balance SELECT gen_random_uuid(), 'USD', 1, 0 FROM generate_series(1, 20000)`,
      `INSERT INTO account SELECT gen_random_uuid(), 1, 'active', false FROM generate_series(1, 20000)`,
      `INSERT INTO entry SELECT 1000 + n, 'trade', n, now(), '' FROM generate_series(1, 20000) AS n`,
      `INSERT INTO transfer (transfer_id, account_id, kind, amount_micros, status, idempotency_key, create_time)
         SELECT gen_random_uuid(), gen_random_uuid(), 'deposit', 1, 'completed', 'k', now() FROM generate_series(1, 20000)`,
      `INSERT INTO local_payment SELECT n, n, 'in', 1, 'USD', 'completed', now(), now() FROM generate_series(1, 20000) AS n`,
      `INSERT INTO payment_event SELECT 'p', n, now() FROM generate_series(1, 20000) AS n`,
      `INSERT INTO posting SELECT 1000 + n, 1, gen_random_uuid(), 'USD', 1, 'trade' FROM generate_series(1, 20000) AS n`,
      `INSERT INTO adjustment SELECT gen_random_uuid(), gen_random_uuid(), 'USD', 1, 0, 'r', '', gen_random_uuid(), now() FROM generate_series(1, 20000)`,
      `ANALYZE`,
    ]) {
      await books.db.query(text);
    }
    expect(await findScans()).toEqual([]);
  });
});
