import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#platform/postgres/database.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { eventOf } from '#platform/testing/bus.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { Bus } from '../bus.ts';
import { applyBusMigrations } from './migrate-bus.ts';
import { createPostgresBus } from './postgres-bus.ts';
import { purgeBus } from './purge.ts';

const services = ['order', 'ledger', 'notification'] as const;
type Service = (typeof services)[number];

let db: OpenTestDatabase;
const opened = new AsyncDisposableStack();
const directly = new Map<Service, Database>();
const buses = new Map<Service, Bus>();

beforeAll(async () => {
  db = opened.use(await openTestDatabase());
  await applyBusMigrations(db, {});
  for (const service of services) {
    const role = `bus_${service}`;
    // Roles are of the whole server, which other tests share.
    await db.query(
      `DO $$ BEGIN CREATE ROLE ${role} LOGIN PASSWORD 'test'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    const url = new URL(db.url);
    url.username = role;
    url.password = 'test';
    directly.set(service, opened.use(openDatabase({ url: url.href, applicationName: service, logger: silentLogger })));
    buses.set(
      service,
      opened.use(
        createPostgresBus({ url: url.href, serviceName: service, logger: silentLogger, mayMigrate: () => false }),
      ),
    );
  }
});
afterAll(() => opened.disposeAsync());

const as = (service: Service) => directly.get(service) as Database;
const busOf = (service: Service) => buses.get(service) as Bus;
const count = async (service: Service, text: string) => (await as(service).query(text)).rowCount;

describe('the role of a service on the bus', () => {
  it('publishes, consumes its own queue, and sets events aside that fail', async () => {
    const event = eventOf('Moved');
    const seen: string[] = [];
    const consumer = await busOf('ledger').subscribe({
      queue: 'ledger.accounts',
      types: ['Moved'],
      handlePage: async (events) => {
        seen.push(...events.map(({ id }) => id));
        throw new Error('not now');
      },
    });
    await busOf('order').publish([event]);
    await eventually(async () => expect(seen).toContain(event.id));
    await eventually(async () => expect(await count('ledger', `SELECT FROM bus.retry`)).toBe(1));
    await consumer[Symbol.asyncDispose]();
  });

  it('may neither read nor settle what another service has not handled, nor take its queue, nor delete events', async () => {
    expect(await count('order', `SELECT FROM bus.retry WHERE queue = 'ledger.accounts'`)).toBe(0);
    expect(await count('order', `DELETE FROM bus.retry WHERE queue = 'ledger.accounts'`)).toBe(0);
    expect(
      await count('order', `UPDATE bus.queue SET position = 99, token = token + 1 WHERE name = 'ledger.accounts'`),
    ).toBe(0);
    const insert = `INSERT INTO bus.queue (name, types) VALUES ('ledger.other', '{Moved}')`;
    await expect(as('order').query(insert)).rejects.toMatchObject({ code: '42501' });
    const retry = `INSERT INTO bus.retry (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time)
      SELECT 'ledger.accounts', id, type, key, payload, traceparent, event_time_ms, publish_time FROM bus.log`;
    await expect(as('order').query(retry)).rejects.toMatchObject({ code: '42501' });
    await expect(as('order').query(`UPDATE bus.log SET payload = ''`)).rejects.toMatchObject({ code: '42501' });
    await expect(as('order').query(`CREATE TABLE bus.mine ()`)).rejects.toMatchObject({ code: '42501' });
    await purgeBus(as('order'), { eventMinutes: 0, undeliveredDays: 0, deadLetterDays: 0 });
    expect(await count('order', 'SELECT FROM bus.log')).toBe(1);
    expect(await count('ledger', 'SELECT FROM bus.retry')).toBe(1);
  });

  it('may ask whether events wait for another', async () => {
    const [row] = (await db.query<{ event_id: string }>('SELECT event_id FROM bus.retry')).rows;
    const id = row?.event_id ?? '';
    expect(await busOf('order').findWaiting('ledger.accounts', [id])).toEqual(new Set([id]));
  });

  it('of notification finds and settles the dead letters of all', async () => {
    await db.query('UPDATE bus.retry SET dead_time = now()');
    expect((await busOf('order').deadLetters.list('', 10, '')).deadLetters).toEqual([]);
    const [letter] = (await busOf('notification').deadLetters.list('', 10, '')).deadLetters;
    expect(letter?.queue).toBe('ledger.accounts');
    expect(await busOf('notification').deadLetters.drop('ledger.accounts', 'all', 'a test')).toBe(1);
    await purgeBus(as('notification'), { eventMinutes: 0, undeliveredDays: 0, deadLetterDays: 0 });
    expect(await count('notification', 'SELECT FROM bus.log')).toBe(0);
  });
});
