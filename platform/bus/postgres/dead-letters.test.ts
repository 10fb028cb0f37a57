import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { eventOf, openTestBus, type TestBus } from '#platform/testing/bus.ts';
import type { OpenTestDatabase } from '#platform/testing/database.ts';
import { type Bus, UnprocessableEventError } from '../bus.ts';
import { purgeBus } from './purge.ts';

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
    // The last attempt is counted before its letter is dead.
    await poll(async () => (await bus.deadLetters.list('failing.all', 10, '')).deadLetters.length).toBe(3);
    expect(attempts).toBe(6);
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

  it('removes delivered events after their retention, and no pending event or dead letter', async () => {
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
