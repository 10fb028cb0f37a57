import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { pause } from '#platform/postgres/backoff.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { type Bus, type BusEvent, type Subscription, UnprocessableEventError } from '../bus.ts';
import { createBus } from '../create-bus.ts';
import { createPostgresBus } from './postgres-bus.ts';
import { purgeBus } from './purge.ts';

let db: OpenTestDatabase;
let bus: Bus;
const openBus = () => createPostgresBus({ url: db.url, serviceName: 'test', logger: silentLogger });
beforeAll(async () => {
  db = await openTestDatabase();
  bus = openBus();
});
afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const eventOf = (type: string, key = 'k'): BusEvent => ({
  id: uuidV7(),
  type,
  key,
  payload: new Uint8Array([1, 2, 255]),
  timeMs: 1_700_000_000_123,
  traceparent: '00-1-2-01',
});

/** Subscribes and keeps what is handled; `handle` may fail. */
async function collect(options: Omit<Subscription, 'handle'> & { handle?: Subscription['handle']; from?: Bus }) {
  const handled: BusEvent[] = [];
  const { from = bus, ...subscription } = options;
  const running = await from.subscribe({
    ...subscription,
    handle: async (event) => {
      await options.handle?.(event);
      handled.push(event);
    },
  });
  return { handled, stop: () => running[Symbol.asyncDispose]() };
}

const poll = (read: () => unknown) => expect.poll(read, { timeout: 10_000, interval: 10 });

describe('publish and subscribe', () => {
  it('bring an event unchanged to every queue that takes its type, and to no other', async () => {
    const one = await collect({ queue: 'one.all', types: ['A', 'B'] });
    const two = await collect({ queue: 'two.some', types: ['B'] });
    const a = eventOf('A');
    const b = eventOf('B');
    await bus.publish([a, b, eventOf('C')]);
    await poll(() => one.handled.length).toBe(2);
    await poll(() => two.handled.length).toBe(1);
    expect(one.handled.map((event) => ({ ...event, payload: new Uint8Array(event.payload) }))).toEqual([a, b]);
    expect(two.handled[0]?.id).toBe(b.id);
    await Promise.all([one.stop(), two.stop()]);
  });

  it('take an event that is published again, or twice at once, for the same', async () => {
    const queue = await collect({ queue: 'again.all', types: ['Again'] });
    const event = eventOf('Again');
    await bus.publish([event, event]);
    await Promise.all([bus.publish([event]), bus.publish([event])]);
    await poll(() => queue.handled.length).toBe(1);
    await bus.publish([event]);
    await pause(100);
    expect(queue.handled).toHaveLength(1);
    await queue.stop();
  });

  it('keep events for a queue whose consumers are away, and give a new queue those of the last minutes', async () => {
    const early = eventOf('Early');
    await bus.publish([early]);
    const first = await collect({ queue: 'late.all', types: ['Early'] });
    await poll(() => first.handled.map(({ id }) => id)).toEqual([early.id]);
    await first.stop();
    await bus.publish([eventOf('Early'), eventOf('Early')]);
    const second = await collect({ queue: 'late.all', types: ['Early'] });
    await poll(() => second.handled.length).toBe(2);
    await second.stop();
  });

  it('share a queue between processes, each event to one of them', async () => {
    const other = openBus();
    const options = { queue: 'shared.all', types: ['Shared'], handle: () => pause(2) };
    const here = await collect(options);
    const there = await collect({ ...options, from: other });
    const events = Array.from({ length: 200 }, (_, index) => eventOf('Shared', `key ${index}`));
    for (let index = 0; index < events.length; index += 20) await bus.publish(events.slice(index, index + 20));
    await poll(() => here.handled.length + there.handled.length).toBe(200);
    expect(new Set([...here.handled, ...there.handled].map(({ id }) => id)).size).toBe(200);
    expect(Math.min(here.handled.length, there.handled.length)).toBeGreaterThan(0);
    await Promise.all([here.stop(), there.stop()]);
    await other[Symbol.asyncDispose]();
  });

  it('handle events of one key one after another in the order of publishing', async () => {
    const order: string[] = [];
    const events = Array.from({ length: 30 }, () => eventOf('Ordered'));
    const queue = await collect({
      queue: 'ordered.all',
      types: ['Ordered'],
      handle: async ({ id }) => {
        await pause(Math.random() * 3);
        order.push(id);
      },
    });
    await bus.publish(events);
    await poll(() => order.length).toBe(30);
    expect(order).toEqual(events.map(({ id }) => id));
    await queue.stop();
  });

  it('do not give a release the types that only another release takes', async () => {
    const newRelease = await collect({ queue: 'rolling.all', types: ['Old', 'New'] });
    await newRelease.stop();
    const oldRelease = await collect({ queue: 'rolling.all', types: ['Old'] });
    const event = eventOf('New');
    await bus.publish([event, eventOf('Old')]);
    await poll(() => oldRelease.handled.map(({ type }) => type)).toEqual(['Old']);
    await oldRelease.stop();
    const back = await collect({ queue: 'rolling.all', types: ['Old', 'New'] });
    await poll(() => back.handled.map(({ id }) => id)).toEqual([event.id]);
    await back.stop();
  });

  it('deliver again what a consumer took and never finished', async () => {
    const event = eventOf('Orphan');
    const first = await collect({ queue: 'orphan.all', types: ['Orphan'] });
    await first.stop();
    await bus.publish([event]);
    // What a killed consumer leaves: claimed, attempt counted, due again when the claim runs out.
    await db.query(`UPDATE bus.delivery SET attempts = 1, due_time = now() + interval '300 ms' WHERE event_id = $1`, [
      event.id,
    ]);
    const second = await collect({ queue: 'orphan.all', types: ['Orphan'] });
    await poll(() => second.handled.length).toBe(1);
    await second.stop();
  });

  it('finish what has begun and give back the rest when disposed', async () => {
    const gate = Promise.withResolvers<void>();
    const options = { queue: 'closing.all', types: ['Closing'], concurrency: 1 };
    const first = await collect({ ...options, handle: () => gate.promise });
    await bus.publish(Array.from({ length: 5 }, () => eventOf('Closing')));
    await pause(100);
    const stopping = first.stop();
    gate.resolve();
    await stopping;
    expect(first.handled).toHaveLength(1);
    const second = await collect(options);
    await poll(() => second.handled.length).toBe(4);
    await second.stop();
  });

  it('refuse a queue name out of form', async () => {
    await expect(collect({ queue: 'No queue', types: [] })).rejects.toThrow('bad queue name');
  });
});

describe('dead letters', () => {
  it('are what failed as often as it may; they can be listed by pages and driven again', async () => {
    let healthy = false;
    let attempts = 0;
    const queue = await collect({
      queue: 'failing.all',
      types: ['Failing'],
      attemptsMax: 2,
      handle: async () => {
        attempts += 1;
        if (!healthy) throw new Error(`reason ${'x'.repeat(1_000)}`);
      },
    });
    const events = [eventOf('Failing'), eventOf('Failing'), eventOf('Failing')];
    await bus.publish(events);
    const list = () => bus.deadLetters.list('failing.all', 2, '');
    await poll(async () => (await list()).deadLetters.length).toBe(2);
    await poll(() => attempts).toBe(6);
    const first = await list();
    const second = await bus.deadLetters.list('failing.all', 2, first.nextPageToken);
    const letters = [...first.deadLetters, ...second.deadLetters];
    expect(new Set(letters.map(({ event }) => event.id))).toEqual(new Set(events.map(({ id }) => id)));
    expect(second.nextPageToken).toBe('');
    expect(letters[0]).toMatchObject({ attempts: 2, lastError: expect.stringMatching(/^reason x{493}$/) });

    healthy = true;
    expect(await bus.deadLetters.redrive('failing.all', [events[0]?.id ?? ''])).toBe(1);
    await poll(() => queue.handled.map(({ id }) => id)).toEqual([events[0]?.id]);
    expect(await bus.deadLetters.redrive('failing.all', [events[0]?.id ?? ''])).toBe(0);
    expect((await list()).deadLetters).toHaveLength(2);
    await queue.stop();
  });

  it('are at once what no attempt can handle, and hold up nothing behind them', async () => {
    const queue = await collect({
      queue: 'poison.all',
      types: ['Poison', 'Fine'],
      handle: async ({ type }) => {
        if (type === 'Poison') throw new UnprocessableEventError('never');
      },
    });
    await bus.publish([eventOf('Poison'), eventOf('Fine')]);
    await poll(() => queue.handled.length).toBe(1);
    await poll(async () => (await bus.deadLetters.list('poison.all', 10, '')).deadLetters).toHaveLength(1);
    await queue.stop();
  });

  it('are also what ended its consumer in the middle of each attempt', async () => {
    const event = eventOf('Killer');
    const options = { queue: 'killer.all', types: ['Killer'], attemptsMax: 3 };
    await (await collect(options)).stop();
    await bus.publish([event]);
    await db.query('UPDATE bus.delivery SET attempts = 3 WHERE event_id = $1', [event.id]);
    const queue = await collect(options);
    await poll(async () => (await bus.deadLetters.list('killer.all', 10, '')).deadLetters).toHaveLength(1);
    expect(queue.handled).toHaveLength(0);
    await queue.stop();
  });

  it('are not what failed because a part was unreachable: that costs no attempt', async () => {
    let failures = 3;
    const queue = await collect({
      queue: 'outage.all',
      types: ['Outage'],
      attemptsMax: 1,
      handle: async () => {
        if (failures-- > 0) throw unavailable();
      },
    });
    await bus.publish([eventOf('Outage')]);
    await poll(() => queue.handled.length).toBe(1);
    expect((await bus.deadLetters.list('outage.all', 10, '')).deadLetters).toEqual([]);
    await queue.stop();
  });

  it('refuse a page token that they did not make', async () => {
    await expect(bus.deadLetters.list('x.y', 10, `1'`)).rejects.toMatchObject({
      violations: [{ field: 'page_token' }],
    });
  });
});

describe('purgeBus', () => {
  const retention = { eventMinutes: 60, undeliveredDays: 7, deadLetterDays: 30 };
  const existing = async (ids: string[]) =>
    (await db.query('SELECT FROM bus.event WHERE id = ANY ($1)', [ids])).rowCount;

  it('removes delivered events after their time, and nothing that is still to be handled or looked at', async () => {
    await (await collect({ queue: 'purged.all', types: ['Waiting', 'Dead'] })).stop();
    const [delivered, waiting, dead, young] = [eventOf('Gone'), eventOf('Waiting'), eventOf('Dead'), eventOf('Gone')];
    await bus.publish([delivered, waiting, dead, young]);
    const old = [delivered.id, waiting.id, dead.id];
    await db.query(`UPDATE bus.event SET publish_time = now() - interval '2 hours' WHERE id = ANY ($1)`, [old]);
    await db.query('UPDATE bus.delivery SET dead_time = now() WHERE event_id = $1', [dead.id]);
    await purgeBus(db, retention);
    expect(await existing([delivered.id])).toBe(0);
    expect(await existing([waiting.id, dead.id, young.id])).toBe(3);
  });

  it('makes dead letters of what no consumer takes, and drops them at last', async () => {
    const event = eventOf('Waiting');
    await bus.publish([event]);
    await db.query(`UPDATE bus.delivery SET due_time = now() - interval '8 days' WHERE event_id = $1`, [event.id]);
    await db.query(`UPDATE bus.event SET publish_time = now() - interval '8 days' WHERE id = $1`, [event.id]);
    await purgeBus(db, retention);
    const { deadLetters } = await bus.deadLetters.list('purged.all', 10, '');
    expect(deadLetters.find((letter) => letter.event.id === event.id)?.lastError).toContain('no consumer');
    await db.query(`UPDATE bus.delivery SET dead_time = now() - interval '31 days' WHERE event_id = $1`, [event.id]);
    await purgeBus(db, retention);
    expect(await existing([event.id])).toBe(0);
  });
});

describe('createBus', () => {
  it('says that there is no RabbitMQ driver yet, and what is missing', () => {
    const base = { serviceName: 'test', logger: silentLogger };
    expect(() => createBus({ ...base, amqpUrl: 'amqp://x' })).toThrow('RabbitMQ driver is not part of this release');
    expect(() => createBus(base)).toThrow('BUS_DATABASE_URL');
  });
});
