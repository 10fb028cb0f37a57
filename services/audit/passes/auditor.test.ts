import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import type { Stores } from '../clients/stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { digestOf } from '../domain/seal.ts';
import { needs } from '../needs.ts';
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
/** Rows of tables that a history does not have, as `<service> <table>`. */
let added: Record<string, StoredRow[]>;
/** What was asked for, part by part. */
let asked: { place: string; selection: Selection | undefined; ids: number }[];

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
  asked = [];
  goTo(40);
  const read: Stores['read'] = async (store, query, options) => {
    const cause = unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, `the audit needs the ${store} service`, {
      service: store,
    });
    if (store === unreachable) throw cause;
    for (const { table, selection, ids = [] } of query.tables) {
      asked.push({ place: `${store} ${table}`, selection, ids: ids.length });
    }
    const snapshot = await fakeStores(history, { stores, ledgerAt: at, orderAt: at }).read(store, query, options);
    const parts = snapshot.parts.map((part, index) => {
      const { table, selection, ids = [] } = query.tables[index] ?? {};
      const rows = added[`${store} ${table}`];
      if (rows === undefined) return part;
      if (selection === Selection.BLOCK_HASHES && ids[0] !== '0') return { ...part, rows: [] };
      if (selection !== Selection.DIGESTS) return { ...part, rows };
      const digest = digestOf(rows.map(({ hash }) => hash));
      return { ...part, digests: rows.length === 0 ? [] : [{ block: '0', rows: BigInt(rows.length), digest }] };
    });
    return { ...snapshot, parts };
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

  it('reads the values of a block of a busy minute in steps, and seals all of its rows', async () => {
    const failed = Array.from({ length: 12_000 }, (_, n) => rowOf(`t${n}`, { status: 'failed' }));
    added['ledger transfer'] = [...failed, ...(stores.ledger.transfer ?? [])];
    expect((await auditor.run('full')).findings).toEqual([]);
    const reads = asked.filter(({ place, selection }) => place === 'ledger transfer' && selection !== Selection.LIVE);
    expect(reads.filter(({ selection }) => selection === Selection.BLOCK)).toEqual([]);
    const steps = reads.filter(({ selection }) => selection === Selection.IDS).map(({ ids }) => ids);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...steps)).toBe(5_000);
    const { rows } = await db.query(`SELECT sum(rows)::int AS rows FROM seal WHERE place = 'ledger transfer'`);
    expect(rows).toEqual([{ rows: added['ledger transfer'].length }]);
  });

  it('takes a message that came long after its event, and no other one that is late', async () => {
    const message = (key: string, fact: string) => rowOf(key, { fact_id: fact, create_time_ms: '0' });
    const set = (...rows: StoredRow[]) => {
      added['notification message'] = rows;
      added['notification message_of_fact'] = rows;
    };
    added['notification inbox'] = [rowOf('q/f1', { event_id: 'f1' }), rowOf('q/f2', { event_id: 'f2' })];
    set(message('m1', 'f1'));
    expect((await auditor.run('full')).findings).toEqual([]);
    // Block 0 lies before all that was sealed.
    await db.query(`UPDATE checkpoint SET position = 1000 WHERE name = 'sealed notification message'`);
    set(message('m1', 'f1'), message('m2', 'f2'));
    expect((await auditor.run('full')).findings).toEqual([]);
    set(message('m1', 'f1'), message('m2', 'f2'), message('m3', 'f3'));
    const { findings } = await auditor.run('full');
    expect(findings).toMatchObject([{ rule: 'message-has-its-event', subject: 'notification message m3' }]);
    set(message('m1', 'f1'), message('m2', 'f2'), message('m4', 'f2'));
    const again = await auditor.run('full');
    expect(again.findings).toMatchObject([{ rule: 'event-has-one-message', subject: 'notification message m4' }]);
  });
});
