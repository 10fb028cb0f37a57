import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type CollectOptions, eventOf, eventsOf, idsOf, type TestProcesses } from '#platform/testing/bus.ts';
import { busDrivers, checkOn } from '#platform/testing/bus-drivers.ts';
import { UnprocessableEventError } from './bus.ts';

const poll = (read: () => unknown) => expect.poll(read, { timeout: 15_000, interval: 10 });

describe.each(busDrivers)('dead letters on %s', (_name, driver) => {
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
