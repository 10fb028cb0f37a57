import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { openTestBus, type TestBus } from '#platform/testing/bus.ts';
import { takeOutboxPage } from '../outbox-page.ts';
import type { QueueLease } from './queue-lease.ts';
import { readPage } from './read-page.ts';
import { claimRetries, setAside, untried } from './retries.ts';

const rows = 60_000;

let test: TestBus;
beforeAll(async () => {
  test = await openTestBus();
  await (await test.collect({ queue: 'plans.all', types: ['Filled'] })).stop();
  await migratePlatform(test.db);
  await test.db.query(
    `INSERT INTO bus.log (sequence, id, type, key, payload, traceparent, event_time_ms)
     SELECT nextval('bus.log_sequence'), gen_random_uuid(), 'Filled', 'k', repeat('x', 100)::bytea, '', 0 FROM generate_series(1, ${rows});
     INSERT INTO platform.outbox (id, type, key, payload)
     SELECT gen_random_uuid(), 'Filled', 'k', repeat('x', 100)::bytea FROM generate_series(1, ${rows});
     INSERT INTO bus.retry (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time, due_time)
     SELECT 'plans.all', gen_random_uuid(), 'Filled', 'k', '', '', 0, now(), now() + i * interval '1 second'
     FROM generate_series(1, ${rows}) AS i`,
  );
});
afterAll(() => test[Symbol.asyncDispose]());

/** The nodes of the plan that a prepared statement has whatever its values are. */
const planOf = async (run: (db: Sql) => Promise<unknown>): Promise<string> => {
  let text = '';
  await run({
    query: async (statement) => {
      text = statement;
      return { rows: [], rowCount: 0 };
    },
  });
  return test.db.transaction(async (tx) => {
    await tx.query('SET LOCAL plan_cache_mode = force_generic_plan');
    await tx.query(`PREPARE planned AS ${text}`);
    const { rows: parameters } = await tx.query<{ count: number }>(
      `SELECT cardinality(parameter_types) AS count FROM pg_prepared_statements WHERE name = 'planned'`,
    );
    const nulls = Array.from({ length: parameters[0]?.count ?? 0 }, () => 'NULL').join(', ');
    const plan = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) EXECUTE planned(${nulls})`);
    await tx.query('DEALLOCATE planned');
    return plan.rows.map((row) => row['QUERY PLAN']).join('\n');
  });
};

const lease: QueueLease = { queue: 'plans.all', token: 1n, position: 0n, types: ['Filled'], unfinished: 0 };
const statements: [string, (db: Sql) => Promise<unknown>][] = [
  ['readPage', (db) => readPage(db, lease, { position: 0n, types: lease.types, limit: 500 })],
  ['setAside', (db) => setAside(db, lease, 1n, [untried(1n, { isForeign: false })])],
  ['claimRetries', (db) => claimRetries(db, { queue: 'plans.all', types: ['Filled'], tried: 'never', limit: 1 })],
  ['takeOutboxPage', (db) => takeOutboxPage(db, { relay: 'r', accepted: [], limit: 1_000 })],
];

describe.each(['before statistics', 'with statistics'])('plans on filled tables, %s', (state) => {
  beforeAll(async () => {
    if (state === 'with statistics') await test.db.query('ANALYZE');
  });

  it.each(statements)('%s reads no table that grows from end to end', async (_name, run) => {
    const plan = await planOf(run);
    expect(plan).not.toMatch(/Seq Scan on (log|retry|outbox)|Bitmap Heap Scan on log/);
  });
});
