import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import type { Stores } from '../clients/stores.ts';
import { needs } from '../needs.ts';
import { type AddedRows, addRows } from '../testing/added-rows.ts';
import { fakeFeed, fakeStores } from '../testing/fake-stores.ts';
import { type History, idOf } from '../testing/history.ts';
import { type HistoryStores, storesOf } from '../testing/history-stores.ts';
import { makeHistory } from '../testing/random-history.ts';
import { hashOf, rowOf } from '../testing/row-of.ts';
import { createRandom } from '../testing/seeded-random.ts';
import { type Auditor, createAuditor } from './auditor.ts';

let db: OpenTestDatabase;
let history: History;
let stores: HistoryStores;
let at: number;
let unreachable: string | undefined;
let auditor: Auditor;
let confirmed: bigint[];
let added: AddedRows;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, needs.database.migrations, { signal: new AbortController().signal, logger: silentLogger });
});
afterAll(() => db?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await db.query('TRUNCATE checkpoint, proved, seal, verdict, finding, platform.outbox');
  // No order is on its way at the positions of the tests.
  history = makeHistory(createRandom(9), 60);
  unreachable = undefined;
  added = {};
  goTo(40);
  const read: Stores['read'] = async (store, query, options) => {
    const cause = unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, `the audit needs the ${store} service`, {
      service: store,
    });
    if (store === unreachable) throw cause;
    const own = fakeStores(history, { stores, ledgerAt: at, orderAt: at });
    return addRows(own.read, added)(store, query, options);
  };
  confirmed = [];
  const feed = {
    async confirm({ sequence }: { sequence: bigint }) {
      confirmed.push(sequence);
    },
    follow: (...call: Parameters<ReturnType<typeof fakeFeed>['follow']>) => fakeFeed(history).follow(...call),
  };
  const metrics = createMetrics('test');
  auditor = createAuditor({ db, stores: { read }, feed, shards: [0], logger: silentLogger, metrics, nowMs: Date.now });
});

/** All services have applied so many events. */
function goTo(position: number): void {
  at = position;
  stores = storesOf(history, { ledger: position, order: position });
}

/** Changes a value of a row, as a statement behind the service's back would; returns what makes it as it was. */
function change(
  rows: HistoryStores['ledger'][string] | undefined,
  key: string,
  column: string,
  value: string,
): () => void {
  const row = rows?.find((one) => one.key === key);
  if (!row) throw new Error(`the history has no row ${key}`);
  const before = { values: row.values, hash: row.hash };
  Object.assign(row, { values: { ...row.values, [column]: value }, hash: hashOf(`changed ${value}`) });
  return () => Object.assign(row, before);
}

async function published(): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>('SELECT count(*) FROM platform.outbox');
  return Number(rows[0]?.count);
}

describe('createAuditor', () => {
  it('is clean, with the sums of each asset, and proves nothing twice', async () => {
    const first = await auditor.run('full');
    expect(first.findings).toEqual([]);
    expect(first.verdict).toMatchObject({ clean: true, failure: '', positions: { 0: '40' } });
    for (const { issued, owned } of first.verdict.assets) expect(issued).toBe(owned);
    expect(confirmed).toEqual([40n]);
    const second = await auditor.run('full');
    expect(second.verdict.clean).toBe(true);
    expect([second.verdict.checked.trades, second.verdict.checked.entries]).toEqual([undefined, undefined]);
    goTo(history.events.length);
    const third = await auditor.run('light');
    expect(third.verdict).toMatchObject({ clean: true, positions: { 0: String(history.events.length) } });
    expect(third.verdict.checked.trades).toBeGreaterThan(0);
  });

  it('goes no further than its bound in a light pass, and says what is left', { timeout: 60_000 }, async () => {
    const length = 50_010;
    const rejected = (index: number) =>
      ({ kind: 'rejected', orderId: idOf('eeee', index), accountId: '', timeMs: 0n }) as const;
    history.events = Array.from({ length }, (_, index) => ({ ...rejected(index), sequence: BigInt(index + 1) }));
    history.orders.clear();
    goTo(length);
    const first = await auditor.run('light');
    expect(first.verdict).toMatchObject({ clean: true, positions: { 0: '50000' }, checked: { events_left: 10 } });
    expect(first.verdict.checked.accounts).toBeUndefined();
    const second = await auditor.run('light');
    expect(second.verdict).toMatchObject({
      clean: true,
      positions: { 0: String(length) },
      checked: { events_left: 0 },
    });
    expect(second.verdict.checked.accounts).toBeGreaterThan(0);
  });

  it('names what it finds again until it is mended, and publishes it once', async () => {
    const trade = stores.ledger.posting?.find(({ values }) => values.kind === 'trade')?.key ?? '';
    const mend = change(stores.ledger.posting, trade, 'amount', '1');
    for (let pass = 0; pass < 2; pass += 1) {
      const { findings } = await auditor.run('light');
      expect(findings).toMatchObject([{ rule: 'posting-follows-its-entry', subject: `ledger posting ${trade}` }]);
    }
    expect(await published()).toBe(1);
    mend();
    expect((await auditor.run('full')).findings).toEqual([]);
  });

  it('names a final row that has changed since it was proved, and one that is gone', async () => {
    await auditor.run('full');
    const settled = stores.ledger.hold?.find(({ values }) => values.state === 'settled')?.key ?? '';
    change(stores.ledger.hold, settled, 'revision', '9');
    stores.ledger.transfer?.pop();
    expect((await auditor.run('light')).findings).toEqual([]);
    const { findings } = await auditor.run('full');
    expect(findings.map(({ rule }) => rule)).toEqual(['final-row-never-changes', 'final-row-never-changes']);
    expect(findings[0]?.subject).toBe(`ledger hold ${settled}`);
    expect(findings[1]).toMatchObject({ found: 'none' });
  });

  it('names a transfer that was booked twice', async () => {
    const entry = stores.ledger.cash_entry?.[0];
    if (entry === undefined) throw new Error('the history has no transfer');
    stores.ledger.cash_entry?.push({ ...entry, key: '999' });
    const { findings } = await auditor.run('light');
    expect(findings).toMatchObject([
      {
        rule: 'transfer-has-one-entry',
        subject: `ledger transfer ${entry.values.reference}`,
        found: `ledger entry ${entry.key}, ledger entry 999`,
      },
    ]);
  });

  it('passes on what the ledger has found at a payment provider, until it is removed', async () => {
    const values = { provider: 'bank', rule: 'terms-differ', payment_key: 'p', expected: 'in 5.00', found: 'in 50.00' };
    added['ledger payment_finding'] = [rowOf('7', values)];
    for (let pass = 0; pass < 2; pass += 1) {
      const { findings } = await auditor.run('light');
      const subject = 'ledger payment_finding 7, payment p at bank';
      expect(findings).toEqual([{ rule: 'payment-terms-differ', subject, expected: 'in 5.00', found: 'in 50.00' }]);
    }
    added = {};
    expect((await auditor.run('light')).verdict.clean).toBe(true);
  });

  it('knows which groups of the journal were deleted by rule, and names those that went otherwise', async () => {
    const groups = [1, 2, 3, 4].map((number) => rowOf(`0/${number}`, { first_sequence: number }));
    added['exchange journal'] = groups;
    added['exchange journal_start'] = [];
    await auditor.run('full');
    added['exchange journal'] = groups.slice(2);
    const lost = ['0/1', '0/2'].map((key) => ({ rule: 'final-row-never-changes', subject: `exchange journal ${key}` }));
    expect((await auditor.run('full')).findings).toMatchObject(lost);
    added['exchange journal_start'] = [rowOf('0', { group_number: 3, sequence: 30 })];
    expect((await auditor.run('full')).findings).toEqual([]);
    added['exchange journal'] = groups.slice(3);
    expect((await auditor.run('full')).findings).toMatchObject([{ subject: 'exchange journal 0/3' }]);
    added['exchange journal_start'] = [rowOf('0', { group_number: 4, sequence: 41 })];
    const tooFar = { rule: 'journal-has-what-is-not-proved', subject: 'exchange journal_start 0' };
    expect((await auditor.run('full')).findings).toMatchObject([tooFar]);
  });

  it('does not look again for what went by rule', async () => {
    added['exchange snapshot'] = [rowOf('0/1/1', {}), rowOf('0/2/1', {})];
    await auditor.run('full');
    added['exchange snapshot'] = [rowOf('0/2/1', {}), rowOf('0/3/1', {})];
    expect((await auditor.run('full')).findings).toEqual([]);
    const { rows } = await db.query<{ content: string }>(`SELECT content FROM seal WHERE place = 'exchange snapshot'`);
    expect(rows.map(({ content }) => content.slice(0, 5)).sort()).toEqual(['0/2/1', '0/3/1']);
    added['exchange snapshot'] = [rowOf('0/3/1', { state_hash: 'x' })];
    expect((await auditor.run('full')).findings).toMatchObject([{ subject: 'exchange snapshot 0/3/1' }]);
  });

  it('names a position of a consumer that lies beyond the head of the exchange', async () => {
    goTo(history.events.length);
    await auditor.run('full');
    at = history.events.length + 5;
    const { findings } = await auditor.run('light');
    expect(findings.map(({ rule }) => rule)).toContain('feed-has-no-lost-history');
  });

  it.each(['ledger', 'order', 'portfolio', 'exchange'])(
    'is not clean when the %s service cannot be read',
    async (store) => {
      unreachable = store;
      const { verdict } = await auditor.run('full');
      expect(verdict).toMatchObject({
        clean: false,
        findingsCount: 0,
        failure: `the audit needs the ${store} service`,
      });
      unreachable = undefined;
      expect((await auditor.run('full')).verdict.clean).toBe(true);
    },
  );
});
