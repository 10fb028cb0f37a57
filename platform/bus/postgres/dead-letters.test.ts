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
      pageSizeMax: 1,
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
    // The state left by consumers that were killed by it as often as it may be tried.
    await db.query(
      `WITH passed AS (UPDATE bus.queue SET position = (SELECT max(sequence) FROM bus.log) WHERE name = 'killer.all')
       INSERT INTO bus.retry (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time, attempts)
       SELECT 'killer.all', id, type, key, payload, traceparent, event_time_ms, publish_time, 3 FROM bus.log WHERE id = $1`,
      [event.id],
    );
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
  const idsIn = async (table: 'log' | 'retry', ids: string[]) => {
    const column = table === 'log' ? 'id' : 'event_id';
    const { rows } = await db.query<{ id: string }>(
      `SELECT ${column} AS id FROM bus.${table} WHERE ${column} = ANY ($1) ORDER BY sequence`,
      [ids],
    );
    return rows.map(({ id }) => id);
  };
  const age = (ids: string[], age: string) =>
    db.query('UPDATE bus.log SET publish_time = now() - $2::interval WHERE id = ANY ($1)', [ids, age]);

  it('removes delivered events after their retention, and no pending event or dead letter', async () => {
    await (await collect({ queue: 'purged.all', types: ['Waiting', 'Dead'] })).stop();
    const [delivered, waiting, dead, young] = [eventOf('Gone'), eventOf('Waiting'), eventOf('Dead'), eventOf('Gone')];
    const all = [delivered, waiting, dead, young];
    await bus.publish(all);
    await age([delivered.id, waiting.id, dead.id], '2 hours');
    await purgeBus(db, retention);
    expect(
      await idsIn(
        'log',
        all.map(({ id }) => id),
      ),
    ).toEqual([young.id]);
    await db.query('UPDATE bus.retry SET dead_time = now() WHERE event_id = $1', [dead.id]);
    await purgeBus(db, retention);
    expect(await idsIn('retry', [waiting.id, dead.id])).toEqual([waiting.id, dead.id]);
    const queue = await collect({ queue: 'purged.all', types: ['Waiting', 'Dead'] });
    await poll(() => queue.handled.map(({ id }) => id)).toEqual([waiting.id]);
    await queue.stop();
  });

  it('removes nothing that a queue with a consumer has not passed', async () => {
    const gate = Promise.withResolvers<void>();
    const events = [eventOf('Slow'), eventOf('Slow')];
    const ids = events.map(({ id }) => id);
    const queue = await collect({ queue: 'slow.all', types: ['Slow'], pageSizeMax: 1, handle: () => gate.promise });
    await bus.publish(events);
    await age(ids, '2 hours');
    await purgeBus(db, retention);
    expect(await idsIn('log', ids)).toEqual(ids);
    gate.resolve();
    await poll(() => queue.handled.length).toBe(2);
    await queue.stop();
    await (await collect({ queue: 'purged.all', types: ['Waiting', 'Dead'] })).stop();
    await purgeBus(db, retention);
    expect(await idsIn('log', ids)).toEqual([]);
    expect(await idsIn('retry', ids)).toEqual([]);
  });

  it('makes dead letters of what no consumer takes, and drops them at last', async () => {
    const event = eventOf('Waiting');
    await bus.publish([event]);
    await age([event.id], '8 days');
    // Passed in the first round, and found among the retries in the second.
    await purgeBus(db, retention);
    await purgeBus(db, retention);
    const { deadLetters } = await bus.deadLetters.list('purged.all', 10, '');
    expect(deadLetters.find((letter) => letter.event.id === event.id)?.lastError).toContain('no consumer');
    await db.query(`UPDATE bus.retry SET dead_time = now() - interval '31 days' WHERE event_id = $1`, [event.id]);
    await purgeBus(db, retention);
    expect(await idsIn('retry', [event.id])).toEqual([]);
    expect(await idsIn('log', [event.id])).toEqual([]);
  });
});
