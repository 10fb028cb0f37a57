import { afterAll, beforeAll, describe, expect } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { eventOf, eventsOf, idsOf, type TestProcesses } from '#platform/testing/bus.ts';
import { busDrivers, checkOn } from '#platform/testing/bus-drivers.ts';
import { randomParts, seededRandom } from '#platform/testing/disorder.ts';
import { pause } from '#platform/time/pause.ts';

const poll = (read: () => unknown) => expect.poll(read, { timeout: 15_000, interval: 10 });

describe.each(busDrivers)('a bus on %s', (_name, driver) => {
  let test: TestProcesses;
  let collect: TestProcesses['collect'];
  beforeAll(async () => {
    if (!driver.isPresent()) return;
    test = await driver.open();
    collect = test.collect;
  }, 120_000);
  afterAll(() => test?.[Symbol.asyncDispose]());
  const check = checkOn(driver);
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
});
