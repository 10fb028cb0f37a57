import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, openTestBus, type TestBus } from '#platform/testing/bus.ts';
import type { OpenTestDatabase } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import type { Bus } from '../bus.ts';

let test: TestBus;
let db: OpenTestDatabase;
let bus: Bus;
let collect: TestBus['collect'];
beforeAll(async () => {
  test = await openTestBus();
  ({ db, bus, collect } = test);
});
afterAll(() => test[Symbol.asyncDispose]());

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

  it('give a queue to one process at a time, each event to one of them, and to the next as soon as the first leaves', async () => {
    const other = test.openAnother();
    const options = { queue: 'shared.all', types: ['Shared'], handle: () => pause(2) };
    const here = await collect(options);
    const there = await collect({ ...options, from: other });
    const events = Array.from({ length: 200 }, (_, index) => eventOf('Shared', `key ${index}`));
    const half = events.slice(0, 100);
    for (let index = 0; index < half.length; index += 20) await bus.publish(half.slice(index, index + 20));
    await poll(() => here.handled.length + there.handled.length).toBe(100);
    await Promise.all([here.stop(), bus.publish(events.slice(100))]);
    await poll(() => here.handled.length + there.handled.length).toBe(200);
    expect(new Set([...here.handled, ...there.handled].map(({ id }) => id)).size).toBe(200);
    expect(Math.min(here.handled.length, there.handled.length)).toBeGreaterThan(0);
    await there.stop();
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

  it('deliver an event again that a consumer took and never finished', async () => {
    const event = eventOf('Orphan');
    const first = await collect({ queue: 'orphan.all', types: ['Orphan'] });
    await first.stop();
    await bus.publish([event]);
    // The state left by a killed consumer: the queue is held, and free when the lease expires.
    await db.query(
      `UPDATE bus.queue SET holder = 'killed', token = token + 1, expire_time = now() + interval '300 ms' WHERE name = 'orphan.all'`,
    );
    const second = await collect({ queue: 'orphan.all', types: ['Orphan'] });
    await poll(() => second.handled.length).toBe(1);
    await second.stop();
  });

  it('deliver a retry again whose consumer ended in the middle of the attempt', async () => {
    const options = { queue: 'retried.all', types: ['Retried'] };
    const first = await collect({
      ...options,
      handle: async () => {
        throw new Error('an attempt of the first');
      },
    });
    await bus.publish([eventOf('Retried')]);
    const retries = `SELECT FROM bus.retry WHERE queue = 'retried.all'`;
    await poll(async () => (await db.query(retries)).rowCount).toBe(1);
    await first.stop();
    await db.query(
      `UPDATE bus.retry SET attempts = 2, due_time = now() + interval '300 ms' WHERE queue = 'retried.all'`,
    );
    const second = await collect(options);
    await poll(() => second.handled.length).toBe(1);
    await poll(async () => (await db.query(retries)).rowCount).toBe(0);
    await second.stop();
  });

  it('finish what has begun and give back the rest when disposed', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const options = { queue: 'closing.all', types: ['Closing'], pageSizeMax: 1 };
    const handle = () => {
      begun.resolve();
      return gate.promise;
    };
    const first = await collect({ ...options, handle });
    await bus.publish(Array.from({ length: 5 }, () => eventOf('Closing')));
    await begun.promise;
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
