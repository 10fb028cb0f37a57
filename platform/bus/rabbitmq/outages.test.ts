import { readFile, writeFile } from 'node:fs/promises';
import { Int64ValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { eventOf, idsOf } from '#platform/testing/bus.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { hasRabbitmq, startTestRabbitmq, type TestRabbitmq } from '#platform/testing/rabbitmq.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { pause } from '#platform/time/pause.ts';
import type { Bus, BusEvent } from '../bus.ts';
import { consumeEvents, on } from '../consume-events.ts';
import { enqueueEvents, outboxEvent } from '../outbox.ts';
import { type OutboxRelay, startOutboxRelay } from '../outbox-relay.ts';
import { createBrokerLink } from './broker-link.ts';
import { inChannel } from './in-channel.ts';
import { createRabbitmqBus } from './rabbitmq-bus.ts';
import { names } from './topology.ts';

// One publisher and one consumer live through everything that a broker does to them.
let broker: TestRabbitmq;
let db: OpenTestDatabase;
let bus: Bus;
let relay: OutboxRelay;
let consuming: AsyncDisposable;
let hostUrl = '';
let next = 0;
const batch = 50;
const logger = silentLogger;
/** Queues for which there was an alarm. */
const alarms = new Set<string>();

beforeAll(async () => {
  if (!hasRabbitmq()) return;
  [broker, db] = await Promise.all([startTestRabbitmq(), openTestDatabase()]);
  hostUrl = await broker.createHost('outages');
  await migratePlatform(db);
  await db.query('CREATE TABLE effect (sequence bigint GENERATED ALWAYS AS IDENTITY, value bigint)');
  // Absent when the processes start.
  await broker.kill();
  bus = createRabbitmqBus({
    url: hostUrl,
    serviceName: 'test',
    logger: alarmLogger(),
    waitSteps: [20, 200],
    retryPollMs: 50,
  });
  relay = startOutboxRelay({ db, bus, logger, gatherMs: 0 });
  consuming = await consumeEvents({
    db,
    bus,
    queue: 'outages.all',
    logger,
    handlers: [
      on(Int64ValueSchema, async ({ value }, tx) => {
        await tx.query('INSERT INTO effect (value) VALUES ($1)', [value]);
      }),
    ],
  });
}, 180_000);
afterAll(async () => {
  await consuming?.[Symbol.asyncDispose]();
  await relay?.[Symbol.asyncDispose]();
  await bus?.[Symbol.asyncDispose]();
  await broker?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
}, 60_000);

const poll = (read: () => unknown, timeout = 90_000) => expect.poll(read, { timeout, interval: 50 });
/** Writes a batch as a service does, which the state of the bus does not concern; resolves to how long it took, in ms. */
const write = async (): Promise<number> => {
  const startMs = performance.now();
  const events = Array.from({ length: batch }, () =>
    outboxEvent(Int64ValueSchema, { value: BigInt(next++) }, { key: 'k' }),
  );
  await db.transaction((tx) => enqueueEvents(tx, events));
  return performance.now() - startMs;
};
const effects = async () =>
  (await db.query<{ value: bigint }>('SELECT value FROM effect ORDER BY sequence')).rows.map(({ value }) =>
    Number(value),
  );
/** A logger that notes the queues of alarms. */
function alarmLogger() {
  const write = (line: string) => {
    const { queue } = JSON.parse(line) as { queue?: string };
    if (queue !== undefined) alarms.add(queue);
  };
  return createLogger({ service: 'test', level: 'error', destination: { write } });
}
/** Notes what a queue of its own handles. */
const subscribe = async (queue: string) => {
  const handled: string[] = [];
  const handlePage = async (events: BusEvent[]) => void handled.push(...idsOf(events));
  const consumer = await bus.subscribe({ queue, types: ['Lost'], handlePage });
  return { handled, stop: () => consumer[Symbol.asyncDispose]() };
};
const pairOf = (queue: string) => [names.queue(queue), names.retry(queue)];
/** Words for the broker's own interpreter. */
const electLeader = (queue: string) => `ok = ra:trigger_election({'outages_${queue}', node()})`;
/** As a person does; the broker takes some seconds for a queue without a leader. */
const deleteQueue = async (queue: string) => {
  await using link = createBrokerLink({ url: hostUrl, name: 'staff', logger });
  await inChannel(await link.open(), (channel) => channel.deleteQueue(queue));
};
/** As if the queue had not been given the latest events of the type when the broker was killed. */
const unmark = async (queue: string, type: string) => {
  await using link = createBrokerLink({ url: hostUrl, name: 'staff', logger });
  await inChannel(await link.open(), (channel) => channel.deleteExchange(names.bound(queue, type)));
};
const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );
const all = () => Array.from({ length: next }, (_, index) => index);
const untilDrained = async () => {
  await poll(async () => (await effects()).length).toBe(next);
  await poll(() => relay.backlog().events).toBe(0);
};
const check = (sentence: string, run: () => Promise<void>) =>
  it(sentence, { timeout: 480_000 }, async (context) => {
    requireOrSkip(context, hasRabbitmq(), 'RabbitMQ is not installed');
    await run();
  });

describe('a broker', () => {
  check('that is absent at the start is waited for, and the outbox says what waits', async () => {
    await write();
    await poll(() => relay.backlog().events).toBe(batch);
    expect(relay.backlog().oldestAgeMs).toBeGreaterThan(0);
    await broker.restart();
    await untilDrained();
    expect(await effects()).toEqual(all());
  });

  check('that is killed and comes back with its disk has lost nothing, and the backlog drains in order', async () => {
    await write();
    await untilDrained();
    const begin = next;
    await write();
    await broker.untilQueuesAreSaved();
    await broker.kill();
    for (let count = 0; count < 10; count += 1) await write();
    await poll(() => relay.backlog().events).toBeGreaterThanOrEqual(10 * batch);
    await broker.restart();
    await untilDrained();
    const since = (await effects()).slice(begin);
    expect([...since].sort((one, other) => one - other)).toEqual(all().slice(begin));
    // What waited in the outbox leaves it in the order of writing.
    const waited = since.filter((value) => value >= begin + batch);
    expect(waited).toEqual([...waited].sort((one, other) => one - other));
  });

  check(
    'that was killed while it made a queue has an alarm for it, and goes on when it is deleted or has a leader',
    async () => {
      await untilDrained();
      await broker.untilQueuesAreSaved();
      const list = await broker.listOfQueues();
      const saved = await readFile(list);
      const lost = await subscribe('outages.lost');
      const late = await subscribe('outages.late');
      await bus.publish([eventOf('Lost')]);
      await unmark('outages.late', 'Lost');
      await broker.kill();
      // As if it had not been written in time.
      await writeFile(list, saved);
      alarms.clear();
      await broker.restart();
      // Three attempts of up to 17 s each, begun anew when the broker ends the connection after a minute.
      await poll(() => alarms.size, 180_000).toBe(2);
      const waiting = eventOf('Lost');
      await expect(bus.publish([waiting])).rejects.toThrow('not reachable');
      await broker.control('eval', `${pairOf('outages.late').map(electLeader).join(', ')}.`);
      await Promise.all(pairOf('outages.lost').map((name) => poll(() => succeeds(deleteQueue(name))).toBe(true)));
      await poll(() => succeeds(bus.publish([waiting]))).toBe(true);
      await poll(() => lost.handled).toContain(waiting.id);
      await poll(() => late.handled).toContain(waiting.id);
      await Promise.all([lost.stop(), late.stop()]);
      await write();
      await untilDrained();
    },
  );

  check('that is frozen does not hold up writers, and is given up by its silence', async () => {
    broker.signal('SIGSTOP');
    try {
      for (let count = 0; count < 5; count += 1) {
        await write();
        await pause(200);
      }
      await poll(() => relay.backlog().events).toBeGreaterThanOrEqual(batch);
    } finally {
      broker.signal('SIGCONT');
    }
    await untilDrained();
    expect((await effects()).toSorted((one, other) => one - other)).toEqual(all());
  });

  check('that is short of memory takes nothing, and publishing fails instead of waiting', async () => {
    await broker.control('set_vm_memory_high_watermark', '0.000001');
    try {
      await pause(500);
      for (let count = 0; count < 20; count += 1) await write();
      await poll(() => relay.backlog().events).toBeGreaterThanOrEqual(19 * batch);
      const startMs = performance.now();
      await expect(bus.publish([{ ...outboxEvent(Int64ValueSchema, {}, { key: 'k' }), timeMs: 0 }])).rejects.toThrow();
      expect(performance.now() - startMs).toBeLessThan(10_000);
    } finally {
      await broker.control('set_vm_memory_high_watermark', '0.6');
    }
    await untilDrained();
    expect((await effects()).toSorted((one, other) => one - other)).toEqual(all());
  });

  check('that restarts in order under load loses nothing and doubles nothing', async () => {
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        await write();
        await pause(20);
      }
    })();
    try {
      await pause(500);
      broker.signal('SIGTERM');
      await broker.restart();
      await pause(500);
    } finally {
      isOver = true;
      await writing;
    }
    await untilDrained();
    expect((await effects()).toSorted((one, other) => one - other)).toEqual(all());
  });
});
