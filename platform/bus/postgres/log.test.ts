import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { readGauge } from '#platform/telemetry/read-gauge.ts';
import { eventOf, openTestBus, type TestBus } from '#platform/testing/bus.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { createPostgresBus } from './postgres-bus.ts';
import { publishEvents } from './publish-events.ts';
import { queueLagGauge } from './queue-lag.ts';
import { type QueueLease, takeQueue } from './queue-lease.ts';
import { readPage } from './read-page.ts';
import { setAside, untried } from './retries.ts';

let test: TestBus;
beforeAll(async () => {
  test = await openTestBus();
});
afterAll(() => test[Symbol.asyncDispose]());

const poll = (read: () => unknown) => expect.poll(read, { timeout: 10_000, interval: 10 });
const eventsOf = (type: string, count: number) => Array.from({ length: count }, () => eventOf(type));

/** Makes a queue and takes it, as a process of its own would. */
const hold = async (queue: string, types: string[]): Promise<QueueLease> => {
  await (await test.collect({ queue, types })).stop();
  const taken = await takeQueue(test.db, { queue, holder: 'test', types });
  if ('remainingMs' in taken) throw new Error('the queue is held');
  return taken;
};

describe('the log', () => {
  it('shows no event behind one that could be read before', async () => {
    const lease = await hold('gapless.all', ['Gapless']);
    const writers = Array.from({ length: 4 }, async () => {
      const db = test.db.openAnother({ poolMax: 1 });
      for (let page = 0; page < 25; page += 1) await publishEvents(db, eventsOf('Gapless', 3));
    });
    const seen: string[] = [];
    let position = lease.position;
    let writing = true;
    const reading = (async () => {
      for (let more = true; writing || more; ) {
        const page = await readPage(test.db, lease, { position, types: lease.types, limit: 7 });
        if (page === undefined) throw new Error('the lease is lost');
        seen.push(...page.events.map(({ event }) => event.id));
        position = page.end;
        more = page.hasMore;
      }
    })();
    await Promise.all(writers);
    writing = false;
    await reading;
    expect(new Set(seen).size).toBe(300);
    expect(seen).toHaveLength(300);
  });

  it('does not draw a number while another publisher has not committed', async () => {
    const drawn = async () =>
      (await test.db.query<{ last: bigint }>('SELECT last_value AS last FROM bus.log_sequence')).rows[0]?.last;
    await test.db.transaction(async (tx) => {
      await publishEvents(tx, eventsOf('Locked', 1));
      const before = await drawn();
      const publishing = test.bus.publish(eventsOf('Locked', 5));
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      await poll(async () => (await test.db.query(waiting)).rowCount).toBe(1);
      expect(await drawn()).toBe(before);
      publishing.catch(() => {});
    });
    await poll(async () => (await test.db.query(`SELECT FROM bus.log WHERE type = 'Locked'`)).rowCount).toBe(6);
  });

  it('lets a queue of rare types pass the others in bounded steps', async () => {
    const lease = await hold('rare.all', ['Rare']);
    await test.db.query(
      `INSERT INTO bus.log (sequence, id, type, key, payload, traceparent, event_time_ms)
       SELECT nextval('bus.log_sequence'), gen_random_uuid(), 'Common', '', '', '', 0 FROM generate_series(1, 45000)`,
    );
    const rare = eventOf('Rare');
    await test.bus.publish([rare]);
    let position = lease.position;
    for (let step = 0; ; step += 1) {
      const page = await readPage(test.db, lease, { position, types: lease.types, limit: 10 });
      expect(step).toBeLessThan(4);
      position = page?.end ?? position;
      if (page?.hasMore) continue;
      expect(page?.events.map(({ event }) => event.id)).toEqual([rare.id]);
      return;
    }
  });

  it('changes nothing for a holder that was replaced', async () => {
    const lease = await hold('fenced.all', ['Fenced']);
    await test.bus.publish(eventsOf('Fenced', 2));
    const read = (held: QueueLease) =>
      readPage(test.db, held, { position: held.position, types: held.types, limit: 1 });
    const page = await read(lease);
    await test.db.query(`UPDATE bus.queue SET expire_time = 'epoch' WHERE name = 'fenced.all'`);
    const next = await takeQueue(test.db, { queue: 'fenced.all', holder: 'next', types: ['Fenced'] });
    expect(await read(lease)).toBeUndefined();
    const sequence = page?.events[0]?.sequence ?? 0n;
    await setAside(test.db, lease, sequence, [untried(sequence, { isForeign: false })]);
    expect((await test.db.query(`SELECT FROM bus.retry WHERE queue = 'fenced.all'`)).rowCount).toBe(0);
    expect(await read(next as QueueLease)).toEqual(page);
  });

  it('gives a type that is added to a queue with a reader its latest events, read or not', async () => {
    const first = await test.collect({ queue: 'growing.all', types: ['Old'] });
    const [passed, old] = [eventOf('Added'), eventOf('Old')];
    await test.bus.publish([passed, old]);
    await poll(() => first.handled.map(({ id }) => id)).toEqual([old.id]);
    const second = await test.collect({ queue: 'growing.all', types: ['Old', 'Added'], from: test.openAnother() });
    const late = eventOf('Added');
    await test.bus.publish([late]);
    await poll(() => second.handled.map(({ id }) => id).filter((id) => id !== old.id)).toEqual([passed.id, late.id]);
    await Promise.all([first.stop(), second.stop()]);
  });
});

describe('a queue', () => {
  it('costs one statement for what waits, and hardly any while it is idle', async () => {
    const metrics = createMetrics('test');
    await using counted = createPostgresBus({
      url: test.db.url,
      serviceName: 'counted',
      logger: silentLogger,
      metrics,
    });
    const statements = async () => {
      const text = await metrics.registry.metrics();
      return Number(/^db_client_operation_duration_seconds_count\{.*\} (\d+)$/m.exec(text)?.[1]);
    };
    const queue = await test.collect({ queue: 'counted.all', types: ['Counted'], from: counted });
    await test.bus.publish(eventsOf('Counted', 1));
    await poll(() => queue.handled.length).toBe(1);
    const before = await statements();
    await test.bus.publish(eventsOf('Counted', 100));
    await poll(() => queue.handled.length).toBe(101);
    await pause(300);
    // One for the page, and at most the looks of a consumer that has just begun.
    expect((await statements()) - before).toBeLessThanOrEqual(4);
    await queue.stop();
  });

  it('measures what it has not passed until that is handled, and nothing once it is given up', async () => {
    const metrics = createMetrics('test');
    await using measured = createPostgresBus({
      url: test.db.url,
      serviceName: 'measured',
      logger: silentLogger,
      metrics,
    });
    const behind = async () => (await readGauge(metrics, queueLagGauge, 'queue')).get('measured.all');
    const gate = Promise.withResolvers<void>();
    const [queue, types] = ['measured.all', ['Measured']];
    const reader = await test.collect({ queue, types, from: measured, handle: () => gate.promise });
    await test.bus.publish(eventsOf('Measured', 30));
    await poll(behind).toBeGreaterThanOrEqual(30);
    gate.resolve();
    await poll(behind).toBe(0);
    await reader.stop();
    await poll(behind).toBeUndefined();
  });
});

describe('a page', () => {
  it('that fails is handled by halves, so that a bad event harms no other and is the only one with a row', async () => {
    const events = eventsOf('Halves', 16);
    const bad = events[5];
    const calls: number[] = [];
    const handled: string[] = [];
    await using _subscription = await test.bus.subscribe({
      queue: 'halves.all',
      types: ['Halves'],
      handlePage: async (page) => {
        calls.push(page.length);
        if (page.some(({ id }) => id === bad?.id)) throw new Error('bad');
        handled.push(...page.map(({ id }) => id));
      },
    });
    await test.bus.publish(events);
    await poll(() => handled.length).toBe(15);
    expect(handled).toEqual(events.filter((event) => event !== bad).map(({ id }) => id));
    expect(calls.slice(0, 9)).toEqual([16, 8, 4, 4, 2, 1, 1, 2, 8]);
    const retries = `SELECT event_id FROM bus.retry WHERE queue = 'halves.all'`;
    await poll(async () => (await test.db.query(retries)).rows).toEqual([{ event_id: bad?.id }]);
  });

  it('waits as a whole while a part is unreachable, and no event of it has a row', async () => {
    let isAway = true;
    let calls = 0;
    const queue = await test.collect({
      queue: 'away.all',
      types: ['Away'],
      handle: async () => {
        calls += 1;
        if (isAway) throw unavailable();
      },
    });
    await test.bus.publish(eventsOf('Away', 10));
    await poll(() => calls).toBeGreaterThan(1);
    expect((await test.db.query(`SELECT FROM bus.retry WHERE queue = 'away.all'`)).rowCount).toBe(0);
    isAway = false;
    await poll(() => queue.handled.length).toBe(10);
    await queue.stop();
  });

  it('goes on without the event for which a part is unreachable time and again', async () => {
    const events = eventsOf('Slow', 8);
    const queue = await test.collect({
      queue: 'timeout.all',
      types: ['Slow'],
      handle: async ({ id }) => {
        if (id === events[0]?.id) throw unavailable();
      },
    });
    await test.bus.publish(events);
    await poll(() => queue.handled.length).toBe(7);
    await queue.stop();
  });

  it('that has ended three holders is tried event by event, with the attempts counted', async () => {
    const options = { queue: 'deadly.all', types: ['Deadly'] };
    await (await test.collect(options)).stop();
    await test.db.query(
      `UPDATE bus.queue SET holder = 'killed', token = token + 1, expire_time = 'epoch', unfinished = 2,
         position = (SELECT max(sequence) FROM bus.log)
       WHERE name = 'deadly.all'`,
    );
    await test.bus.publish(eventsOf('Deadly', 3));
    const attempts: number[] = [];
    const queue = await test.collect({
      ...options,
      handle: async () => {
        const { rows } = await test.db.query<{ attempts: number }>(
          `SELECT attempts FROM bus.retry WHERE queue = 'deadly.all'`,
        );
        attempts.push(...rows.map((row) => row.attempts));
      },
    });
    await poll(() => queue.handled.length).toBe(3);
    expect(new Set(attempts)).toEqual(new Set([1]));
    await queue.stop();
  });
});
