import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import type { Stores } from '../clients/stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { needs } from '../needs.ts';
import { type AddedRows, addRows } from '../testing/added-rows.ts';
import { fakeFeed, fakeStores } from '../testing/fake-stores.ts';
import { type HistoryStores, storesOf } from '../testing/history-stores.ts';
import { makeHistory } from '../testing/random-history.ts';
import { rowOf } from '../testing/row-of.ts';
import { createRandom } from '../testing/seeded-random.ts';
import { type Auditor, createAuditor } from './auditor.ts';

let db: OpenTestDatabase;
let history: HistoryStores;
let auditor: Auditor;
let added: AddedRows;
/** What was asked for, part by part. */
let asked: { place: string; selection: Selection | undefined; ids: number }[];

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, needs.database.migrations, { signal: new AbortController().signal, logger: silentLogger });
});
afterAll(() => db?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await db.query('TRUNCATE checkpoint, proved, seal, verdict, finding, platform.outbox');
  added = {};
  asked = [];
  const events = makeHistory(createRandom(9), 60);
  const at = { ledger: 40, order: 40 };
  history = storesOf(events, at);
  const own = fakeStores(events, { stores: history, ledgerAt: at.ledger, orderAt: at.order });
  const read: Stores['read'] = (store, query, options) => {
    for (const { table, selection, ids = [] } of query.tables) {
      asked.push({ place: `${store} ${table}`, selection, ids: ids.length });
    }
    return addRows(own.read, added)(store, query, options);
  };
  const common = { logger: silentLogger, metrics: createMetrics('test'), nowMs: Date.now };
  auditor = createAuditor({ db, stores: { read }, feed: fakeFeed(events), shards: [0], ...common });
});

describe('verifyBlock', () => {
  it('reads the values of a block of a busy minute in steps, and seals all of its rows', async () => {
    const failed = Array.from({ length: 12_000 }, (_, n) => rowOf(`t${n}`, { status: 'failed' }));
    added['ledger transfer'] = [...failed, ...(history.ledger.transfer ?? [])];
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
