import { Int64ValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { TestProcesses } from '#platform/testing/bus.ts';
import { busDrivers, checkOn } from '#platform/testing/bus-drivers.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { disorder, randomParts, seededRandom } from '#platform/testing/disorder.ts';
import { consumeEvents, on } from './consume-events.ts';
import { outboxEvent } from './outbox.ts';

const poll = (read: () => unknown) => expect.poll(read, { timeout: 15_000, interval: 10 });

describe.each(busDrivers)('an inbox on %s', (_name, driver) => {
  let test: TestProcesses;
  let db: OpenTestDatabase;
  beforeAll(async () => {
    if (!driver.isPresent()) return;
    [test, db] = await Promise.all([driver.open(), openTestDatabase()]);
    await migratePlatform(db);
    await db.query('CREATE TABLE effect (queue text, value bigint)');
  }, 120_000);
  afterAll(async () => {
    await test?.[Symbol.asyncDispose]();
    await db?.[Symbol.asyncDispose]();
  });
  const check = checkOn(driver);
  const letters = async (queue: string) => (await test.bus.deadLetters.list(queue, 100, '')).deadLetters;

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
