import { Int64ValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import type { Bus } from './bus.ts';
import { enqueueEvent, enqueueEvents, outboxEvent } from './outbox.ts';
import { startOutboxRelay } from './outbox-relay.ts';
import { createPostgresBus } from './postgres/postgres-bus.ts';

let publisher: OpenTestDatabase;
let busDatabase: OpenTestDatabase;
let bus: Bus;
const logger = silentLogger;
beforeAll(async () => {
  [publisher, busDatabase] = await Promise.all([openTestDatabase(), openTestDatabase()]);
  await migratePlatform(publisher);
  bus = createPostgresBus({ url: busDatabase.url, serviceName: 'test', logger });
});
afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await Promise.all([publisher, busDatabase].map((db) => db[Symbol.asyncDispose]()));
});

const poll = (read: () => unknown) => expect.poll(read, { timeout: 10_000, interval: 5 });
const enqueue = (tx: Sql, text: string) => enqueueEvent(tx, StringValueSchema, { value: text }, { key: text });

describe('startOutboxRelay', () => {
  it('reports the backlog while the bus is unreachable, and publishes it in order afterwards', async () => {
    let away = true;
    const metrics = createMetrics('test');
    const published: string[] = [];
    const shaky: Bus = {
      ...bus,
      publish: async (events) => {
        if (away) throw new Error('away');
        published.push(...events.map(({ key }) => key));
      },
    };
    await using relay = startOutboxRelay({ db: publisher, bus: shaky, logger, metrics });
    const keys = Array.from({ length: 450 }, (_, index) => `key ${index}`);
    const events = keys.map((key) => outboxEvent(Int64ValueSchema, { value: 1n }, { key }));
    await publisher.transaction((tx) => enqueueEvents(tx, events));
    await poll(() => relay.backlog().events).toBe(450);
    expect(relay.backlog().oldestAgeMs).toBeGreaterThan(0);
    expect(await metrics.registry.metrics()).toMatch(/outcry_outbox_backlog_events\{.*\} 450/);
    away = false;
    await poll(() => published.length).toBe(450);
    expect(published).toEqual(keys);
    await poll(() => relay.backlog().events).toBe(0);
  });

  it('asks the database twice for an event and its page, with no transaction open meanwhile, and then for nothing', async () => {
    const statements = { looks: 0, pages: 0 };
    let openTransactions = 0;
    const counting: Database = {
      ...publisher,
      query: (text, values) => {
        // It looks what waits at its start and every 5 s, which may pass on a busy machine.
        statements[text.includes('count(*)') ? 'looks' : 'pages'] += 1;
        return publisher.query(text, values);
      },
      transaction: () => Promise.reject(new Error('the relay needs no transaction')),
    };
    const watching: Bus = {
      ...bus,
      publish: async (events) => {
        const { rowCount } = await busDatabase.query(
          `SELECT FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in transaction%'`,
          [new URL(publisher.url).pathname.slice(1)],
        );
        openTransactions += rowCount;
        await bus.publish(events);
      },
    };
    await using _relay = startOutboxRelay({ db: counting, bus: watching, logger, gatherMs: 0 });
    await poll(() => statements.looks).toBeGreaterThan(0);
    await publisher.transaction((tx) => enqueue(tx, 'counted'));
    const left = async () => (await publisher.query('SELECT FROM platform.outbox')).rowCount;
    await poll(left).toBe(0);
    await pause(300);
    expect(statements.pages).toBe(2);
    expect(openTransactions).toBe(0);
  });

  it('is replaced within seconds when it dies in its turn', async () => {
    await publisher.query(
      `INSERT INTO platform.lease (name, holder, token, expire_time) VALUES ('outcry.outbox', 'dead', 1, now() + interval '1 second')
       ON CONFLICT (name) DO UPDATE SET holder = 'dead', expire_time = excluded.expire_time`,
    );
    await using _relay = startOutboxRelay({ db: publisher, bus, logger, gatherMs: 0 });
    await publisher.transaction((tx) => enqueue(tx, 'orphaned'));
    await poll(async () => (await publisher.query('SELECT FROM platform.outbox')).rowCount).toBe(0);
  });

  it('deletes no event that is committed later with a lower number', async () => {
    const published: string[] = [];
    const gate = Promise.withResolvers<void>();
    const recording: Bus = { ...bus, publish: async (events) => void published.push(...events.map(({ key }) => key)) };
    await using _relay = startOutboxRelay({ db: publisher, bus: recording, logger, gatherMs: 0 });
    const low = publisher.transaction(async (tx) => {
      await enqueue(tx, 'low');
      await gate.promise;
    });
    await pause(50);
    await publisher.transaction((tx) => enqueue(tx, 'high'));
    await poll(() => published).toEqual(['high']);
    gate.resolve();
    await low;
    await poll(() => published).toEqual(['high', 'low']);
  });

  it('only counts what waits while it may not work, and publishes it once it may', async () => {
    const published: string[] = [];
    let mayWork = false;
    const recording: Bus = { ...bus, publish: async (events) => void published.push(...events.map(({ key }) => key)) };
    const options = { db: publisher, bus: recording, logger, gatherMs: 0, mayWork: () => mayWork };
    const canary = startOutboxRelay(options);
    await publisher.transaction((tx) => enqueue(tx, 'waits'));
    await poll(() => canary.backlog().events).toBe(1);
    await canary[Symbol.asyncDispose]();
    expect(published).toEqual([]);
    mayWork = true;
    await using relay = startOutboxRelay(options);
    await poll(() => published).toEqual(['waits']);
    mayWork = false;
    await publisher.transaction((tx) => enqueue(tx, 'waits again'));
    await poll(() => relay.backlog().events).toBe(1);
    expect(published).toEqual(['waits']);
    await publisher.query('DELETE FROM platform.outbox');
  });

  it('publishes what is left when it is disposed', async () => {
    const published: string[] = [];
    const recordingBus: Bus = {
      ...bus,
      publish: async (events) => void published.push(...events.map(({ key }) => key)),
    };
    const relay = startOutboxRelay({ db: publisher, bus: recordingBus, logger });
    await pause(50);
    await publisher.transaction((tx) => enqueue(tx, 'last words'));
    await relay[Symbol.asyncDispose]();
    expect(published).toEqual(['last words']);
  });
});
