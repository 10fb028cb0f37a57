import { Int64ValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import {
  type CollectOptions,
  eventOf,
  openTestBus,
  openTestRabbitmqBus,
  type TestProcesses,
} from '#platform/testing/bus.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { disorder, randomParts, seededRandom } from '#platform/testing/disorder.ts';
import { hasRabbitmq, startTestRabbitmq, type TestRabbitmq } from '#platform/testing/rabbitmq.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { pause } from '#platform/time/pause.ts';
import { type BusEvent, UnprocessableEventError } from './bus.ts';
import { consumeEvents, on } from './consume-events.ts';
import { outboxEvent } from './outbox.ts';

let broker: TestRabbitmq | undefined;
beforeAll(async () => {
  if (hasRabbitmq()) broker = await startTestRabbitmq();
}, 120_000);
afterAll(() => broker?.[Symbol.asyncDispose]());

const drivers: [string, { isPresent: () => boolean; open: () => Promise<TestProcesses> }][] = [
  ['PostgreSQL', { isPresent: () => true, open: openTestBus }],
  ['RabbitMQ', { isPresent: hasRabbitmq, open: () => openTestRabbitmqBus(broker as TestRabbitmq) }],
];

const poll = (read: () => unknown) => expect.poll(read, { timeout: 15_000, interval: 10 });
const idsOf = (events: readonly BusEvent[]) => events.map(({ id }) => id);
const eventsOf = (type: string, count: number) =>
  Array.from({ length: count }, (_, index) => eventOf(type, `${index}`));

describe.each(drivers)('a bus on %s', (_name, { isPresent, open }) => {
  let test: TestProcesses;
  let collect: TestProcesses['collect'];
  beforeAll(async () => {
    if (!isPresent()) return;
    test = await open();
    collect = test.collect;
  });
  afterAll(() => test?.[Symbol.asyncDispose]());
  const check = (sentence: string, run: () => Promise<void>) =>
    it(sentence, async (context) => {
      requireOrSkip(context, isPresent(), 'RabbitMQ is not installed');
      await run();
    });
  const letters = async (queue: string) => (await test.bus.deadLetters.list(queue, 100, '')).deadLetters;

  check('brings an event unchanged to every queue that takes its type, and to no other', async () => {
    const one = await collect({ queue: 'one.all', types: ['A', 'B'] });
    const two = await collect({ queue: 'two.some', types: ['B'] });
    const [a, b] = [eventOf('A'), eventOf('B')];
    await test.bus.publish([a, b, eventOf('C')]);
    await poll(() => one.handled.length).toBe(2);
    await poll(() => two.handled.length).toBe(1);
    expect(one.handled.map((event) => ({ ...event, payload: new Uint8Array(event.payload) }))).toEqual([a, b]);
    expect(idsOf(two.handled)).toEqual([b.id]);
    await Promise.all([one.stop(), two.stop()]);
  });

  check(
    'stores events for a queue whose consumers are away, and gives a new queue those of the last minutes',
    async () => {
      const early = eventOf('Early');
      await test.bus.publish([early, eventOf('Other')]);
      const first = await collect({ queue: 'late.all', types: ['Early'] });
      await poll(() => idsOf(first.handled)).toEqual([early.id]);
      await first.stop();
      await test.bus.publish(eventsOf('Early', 2));
      const second = await collect({ queue: 'late.all', types: ['Early'] });
      await poll(() => second.handled.length).toBe(2);
      await second.stop();
    },
  );

  check('gives a type that is added to a queue its latest events', async () => {
    const first = await collect({ queue: 'growing.all', types: ['Old'] });
    const [added, old] = [eventOf('Added'), eventOf('Old')];
    await test.bus.publish([added, old]);
    await poll(() => idsOf(first.handled)).toEqual([old.id]);
    await first.stop();
    const second = await collect({ queue: 'growing.all', types: ['Old', 'Added'] });
    await poll(() => idsOf(second.handled)).toContain(added.id);
    const late = eventOf('Added');
    await test.bus.publish([late]);
    await poll(() => idsOf(second.handled)).toContain(late.id);
    await second.stop();
  });

  check('gives a queue to one process at a time, and to the next as soon as the first leaves', async () => {
    const options = { queue: 'shared.all', types: ['Shared'], handle: () => pause(1) };
    const here = await collect(options);
    const there = await collect({ ...options, from: test.openAnother() });
    const events = eventsOf('Shared', 200);
    for (let start = 0; start < 100; start += 20) await test.bus.publish(events.slice(start, start + 20));
    await poll(() => here.handled.length + there.handled.length).toBe(100);
    await Promise.all([here.stop(), test.bus.publish(events.slice(100))]);
    const handled = () => [...here.handled, ...there.handled];
    await poll(() => new Set(idsOf(handled())).size).toBe(200);
    expect(Math.min(here.handled.length, there.handled.length)).toBeGreaterThan(0);
    await there.stop();
  });

  check('hands events over in the order of publishing', async () => {
    const events = eventsOf('Ordered', 300);
    const queue = await collect({ queue: 'ordered.all', types: ['Ordered'] });
    for (const part of randomParts(events, 20, seededRandom(1))) await test.bus.publish(part);
    await poll(() => queue.handled.length).toBe(300);
    expect(idsOf(queue.handled)).toEqual(idsOf(events));
    await queue.stop();
  });

  check('does not give a release the types that only another release takes', async () => {
    await (await collect({ queue: 'rolling.all', types: ['OldType', 'NewType'] })).stop();
    const older = await collect({ queue: 'rolling.all', types: ['OldType'] });
    const event = eventOf('NewType');
    await test.bus.publish([event, eventOf('OldType')]);
    await poll(() => older.handled.map(({ type }) => type)).toEqual(['OldType']);
    await older.stop();
    const newer = await collect({ queue: 'rolling.all', types: ['OldType', 'NewType'] });
    await poll(() => idsOf(newer.handled)).toEqual([event.id]);
    await newer.stop();
  });

  check('finishes what has begun and gives back the rest when disposed', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const options = { queue: 'closing.all', types: ['Closing'], pageSizeMax: 1 };
    const first = await collect({
      ...options,
      handle: () => {
        begun.resolve();
        return gate.promise;
      },
    });
    const events = eventsOf('Closing', 5);
    for (const event of events) await test.bus.publish([event]);
    await begun.promise;
    const stopping = first.stop();
    gate.resolve();
    await stopping;
    expect(first.handled).toHaveLength(1);
    const second = await collect(options);
    await poll(() => new Set(idsOf([...first.handled, ...second.handled])).size).toBe(5);
    await second.stop();
  });

  check('handles a page that fails by halves, so that a bad event harms no other', async () => {
    const events = eventsOf('Halves', 16);
    const bad = events[5];
    const calls: number[] = [];
    const handled: string[] = [];
    await using _subscription = await test.bus.subscribe({
      queue: 'halves.all',
      types: ['Halves'],
      attemptsMax: 1,
      handlePage: async (page) => {
        calls.push(page.length);
        if (page.some(({ id }) => id === bad?.id)) throw new Error('bad');
        handled.push(...idsOf(page));
      },
    });
    await test.bus.publish(events);
    await poll(() => handled.length).toBe(15);
    expect(handled).toEqual(idsOf(events.filter((event) => event !== bad)));
    expect(calls.slice(0, 9)).toEqual([16, 8, 4, 4, 2, 1, 1, 2, 8]);
    await poll(async () => (await letters('halves.all')).map(({ event }) => event.id)).toEqual([bad?.id]);
  });

  check('lets a page wait as a whole while a part is unreachable, and counts no attempt', async () => {
    let failures = 2;
    const queue = await collect({
      queue: 'away.all',
      types: ['Away'],
      attemptsMax: 1,
      handle: async () => {
        if (failures-- > 0) throw unavailable();
      },
    });
    await test.bus.publish(eventsOf('Away', 10));
    await poll(() => queue.handled.length).toBe(10);
    expect(await letters('away.all')).toEqual([]);
    await queue.stop();
  });

  check('goes on without the event for which a part is unreachable time and again', async () => {
    const events = eventsOf('Stuck', 8);
    const queue = await collect({
      queue: 'stuck.all',
      types: ['Stuck'],
      handle: async ({ id }) => {
        if (id === events[0]?.id) throw unavailable();
      },
    });
    await test.bus.publish(events);
    await poll(() => queue.handled.length).toBe(7);
    await queue.stop();
  });

  check('refuses a queue name out of form', async () => {
    await expect(collect({ queue: 'No queue', types: [] })).rejects.toThrow('bad queue name');
  });

  describe('dead letters', () => {
    const failing = async (options: Omit<CollectOptions, 'handle'>, count: number) => {
      const state = { isHealthy: false, attempts: 0 };
      const queue = await collect({
        ...options,
        handle: async () => {
          state.attempts += 1;
          if (!state.isHealthy) throw new Error(`reason ${'x'.repeat(1_000)}`);
        },
      });
      const events = eventsOf(options.types[0] ?? '', count);
      await test.bus.publish(events);
      await poll(async () => (await letters(options.queue)).length).toBe(count);
      return { state, queue, events };
    };

    check('are what failed as often as it may, with reason and trace; listed by pages, found, redriven', async () => {
      const startTimeMs = Date.now();
      const { state, queue, events } = await failing(
        { queue: 'failing.all', types: ['Failing'], attemptsMax: 2, pageSizeMax: 1 },
        3,
      );
      expect(state.attempts).toBe(6);
      const first = await test.bus.deadLetters.list('failing.all', 2, '');
      const second = await test.bus.deadLetters.list('failing.all', 2, first.nextPageToken);
      const listed = [...first.deadLetters, ...second.deadLetters];
      expect(listed.map(({ event }) => event.id).sort()).toEqual(idsOf(events).sort());
      expect(second.nextPageToken).toBe('');
      const [letter] = listed;
      expect(letter).toMatchObject({
        queue: 'failing.all',
        attempts: 2,
        lastError: expect.stringMatching(/^reason x{493}$/),
        event: { traceparent: '00-1-2-01' },
      });
      expect(letter?.firstFailureTimeMs).toBeGreaterThanOrEqual(startTimeMs - 1_000);
      expect(letter?.deadTimeMs).toBeGreaterThanOrEqual(letter?.firstFailureTimeMs ?? 0);
      const [id = ''] = idsOf(events);
      expect(await test.bus.deadLetters.find('', id)).toEqual(listed.filter(({ event }) => event.id === id));

      state.isHealthy = true;
      expect(await test.bus.deadLetters.redrive('failing.all', [id])).toBe(1);
      await poll(() => idsOf(queue.handled)).toEqual([id]);
      expect(await test.bus.deadLetters.redrive('failing.all', [id])).toBe(0);
      expect(await test.bus.deadLetters.redrive('other.all', 'all')).toBe(0);
      expect(await test.bus.deadLetters.redrive('failing.all', 'all')).toBe(2);
      await poll(() => idsOf(queue.handled).sort()).toEqual(idsOf(events).sort());
      expect(await letters('failing.all')).toEqual([]);
      await queue.stop();
    });

    check('can be dropped with a reason, and those of all queues be listed together', async () => {
      const one = await failing({ queue: 'drop.one', types: ['DropOne'], attemptsMax: 1 }, 2);
      const two = await failing({ queue: 'drop.two', types: ['DropTwo'], attemptsMax: 1 }, 1);
      expect((await letters('')).map(({ queue }) => queue)).toEqual(
        expect.arrayContaining(['drop.one', 'drop.one', 'drop.two']),
      );
      expect(await test.bus.deadLetters.drop('drop.one', [one.events[0]?.id ?? ''], 'a test')).toBe(1);
      expect((await letters('drop.one')).map(({ event }) => event.id)).toEqual([one.events[1]?.id]);
      expect(await test.bus.deadLetters.drop('drop.one', 'all', 'a test')).toBe(1);
      expect(await letters('drop.one')).toEqual([]);
      expect(await letters('drop.two')).toHaveLength(1);
      await Promise.all([one.queue.stop(), two.queue.stop()]);
    });

    check('are at once what no attempt can handle, and hold up nothing', async () => {
      const queue = await collect({
        queue: 'poison.all',
        types: ['Poison', 'Fine'],
        handle: async ({ type }) => {
          if (type === 'Poison') throw new UnprocessableEventError('never');
        },
      });
      await test.bus.publish([eventOf('Fine'), eventOf('Poison'), eventOf('Fine')]);
      await poll(() => queue.handled.length).toBe(2);
      await poll(async () => (await letters('poison.all')).map(({ attempts }) => attempts)).toEqual([1]);
      await queue.stop();
    });

    check('refuse a page token that they did not make, and more ids than a call changes', async () => {
      await expect(test.bus.deadLetters.list('x.y', 10, `1'`)).rejects.toMatchObject({
        violations: [{ field: 'page_token' }],
      });
      const ids = idsOf(eventsOf('Many', 1_001));
      await expect(test.bus.deadLetters.redrive('x.y', ids)).rejects.toMatchObject({ violations: [{ field: 'ids' }] });
    });
  });

  describe('with an inbox', () => {
    let db: OpenTestDatabase;
    beforeAll(async () => {
      db = await openTestDatabase();
      await migratePlatform(db);
      await db.query('CREATE TABLE effect (queue text, value bigint)');
    });
    afterAll(() => db?.[Symbol.asyncDispose]());
    const consume = (queue: string) =>
      consumeEvents({
        db,
        bus: test.bus,
        queue,
        logger: silentLogger,
        handlers: [
          on(Int64ValueSchema, async ({ value }, tx) => {
            await tx.query('INSERT INTO effect VALUES ($1, $2)', [queue, value]);
          }),
        ],
      });
    const effects = async (queue: string) =>
      (await db.query<{ value: bigint }>('SELECT value FROM effect WHERE queue = $1 ORDER BY value', [queue])).rows.map(
        ({ value }) => Number(value),
      );

    check('has one effect of each event, however often and in whatever order they come', async () => {
      await using _consuming = await consume('disorder.all');
      const random = seededRandom(7);
      const events = Array.from({ length: 400 }, (_, index) => ({
        ...outboxEvent(Int64ValueSchema, { value: BigInt(index) }, { key: 'k' }),
        timeMs: Date.now(),
      }));
      const copies = disorder(events, random);
      expect(copies.length).toBeGreaterThan(800);
      for (const part of randomParts(copies, 40, random)) await test.bus.publish(part);
      const expected = events.map((_, index) => index);
      await poll(() => effects('disorder.all')).toEqual(expected);
      const last = { ...outboxEvent(Int64ValueSchema, { value: 1_000n }, { key: 'k' }), timeMs: Date.now() };
      await test.bus.publish([last]);
      await poll(() => effects('disorder.all')).toEqual([...expected, 1_000]);
    });

    check('reads an event of the next version, whose message has more fields', async () => {
      await using _consuming = await consume('versions.all');
      const { payload, ...event } = outboxEvent(Int64ValueSchema, { value: 5n }, { key: 'k' });
      // Field 15, a string, which this version does not know.
      const next = new Uint8Array([...payload, (15 << 3) | 2, 3, 110, 101, 119]);
      await test.bus.publish([{ ...event, payload: next, timeMs: Date.now() }]);
      await poll(async () => (await effects('versions.all')).includes(5)).toBe(true);
      expect(await letters('versions.all')).toEqual([]);
    });
  });
});
