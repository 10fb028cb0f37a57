import { durationMs } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { ProcessRole, ProcessService } from '#gen/outcry/process/v1/process_pb.ts';
import { createBacklogReport } from '#platform/bus/outbox-backlog.ts';
import { createQueueLag } from '#platform/bus/postgres/queue-lag.ts';
import { measureFeedLag } from '#platform/feed/feed-lag.ts';
import { measureFeedSilence } from '#platform/feed/feed-silence.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { createTestApp, type TestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';
import { describeProcess } from './describe-process.ts';
import { serveRpc } from './serve-rpc.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db);
  await db.query(
    `INSERT INTO platform.lease VALUES ('feed.exchange.0', 'order-0', 7, clock_timestamp() + interval '1 minute'),
       ('days', 'order-1', 9007199254740993, 'epoch')`,
  );
});
afterAll(() => db[Symbol.asyncDispose]());

let app: TestApp | undefined;
afterEach(() => app?.[Symbol.asyncDispose]());

function open(database?: Sql) {
  app = createTestApp('order', { replica: 'order-0', release: 'v7' });
  return Object.assign(app, database && { db: database });
}

describe('describeProcess', () => {
  it('has the leases of the database by name, the free ones with nothing left', async () => {
    const { leases, leasesMissing, ...process } = await describeProcess(open(db));
    expect(leases.map(({ name, holder, token }) => [name, holder, token])).toEqual([
      ['days', 'order-1', 9_007_199_254_740_993n],
      ['feed.exchange.0', 'order-0', 7n],
    ]);
    const remainingMs = leases.map(({ remaining }) => remaining && durationMs(remaining));
    expect(remainingMs[0]).toBe(0);
    expect(remainingMs[1]).toBeGreaterThan(10_000);
    expect(leasesMissing).toBe(false);
    expect(process).toMatchObject({ service: 'order', name: 'order-0', release: 'v7', role: ProcessRole.STABLE });
  });

  it('says that the leases are missing when the database fails or is silent, and has the rest', async () => {
    const silent: Sql = { query: () => new Promise(() => {}) };
    const broken: Sql = { query: () => Promise.reject(new Error('away')) };
    for (const database of [silent, broken]) {
      expect(await describeProcess(open(database))).toMatchObject({ leases: [], leasesMissing: true, name: 'order-0' });
    }
    expect(await describeProcess(open())).toMatchObject({ leases: [], leasesMissing: false });
  });

  it('has the feeds and queues that are read now, with their lags, and the outbox', async () => {
    const opened = open();
    const { metrics } = opened;
    const followed = measureFeedSilence(metrics, 'exchange.1');
    const left = measureFeedSilence(metrics, 'exchange.0');
    for (const feed of ['exchange.0', 'exchange.1']) measureFeedLag(metrics, feed)(3n, 5n);
    for (const silence of [followed, left]) silence.heard();
    left.ended();
    createBacklogReport(metrics).set({ events: 12, oldestAgeMs: 1_500 });
    const queues = ['order.conditions', 'order.old'].map((queue) => createQueueLag(metrics, queue));
    for (const queue of queues) queue.set(7n);
    queues[1]?.ended();
    const { feeds, outbox, ...process } = await describeProcess(opened);
    expect(feeds.map(({ feed, halted }) => [feed, halted])).toEqual([['exchange.1', false]]);
    expect(feeds[0]?.behind).toBeDefined();
    expect(feeds[0]?.silence).toBeDefined();
    expect(process.queues).toMatchObject([{ queue: 'order.conditions', eventsBehind: 7n }]);
    expect(outbox).toMatchObject({ events: 12n, oldestAge: { seconds: 1n, nanos: 500_000_000 } });
  });

  it('has no outbox where the process publishes nothing', async () => {
    expect((await describeProcess(open())).outbox).toBeUndefined();
  });
});

describe('processBinding', () => {
  it('is served by every server, to the gateway and to no other', async () => {
    const identity = await createTestIdentity();
    const { port } = await serveRpc(open(db), { bindings: [], authenticator: identity.authenticator });
    const clientOf = (service: string) =>
      createRpcClient(ProcessService, {
        address: `ipv4:127.0.0.1:${port}`,
        serviceToken: () => identity.serviceToken(service),
      });
    await using gateway = clientOf('gateway');
    await using ledger = clientOf('ledger');
    const { process } = await gateway.describe({});
    expect(process?.leases).toHaveLength(2);
    await expect(ledger.describe({})).rejects.toMatchObject({ reason: ErrorReason.SERVICE_NOT_ALLOWED });
  });
});
