import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { applyMigrations } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { eventOf } from '#platform/testing/bus.ts';
import { openTestDatabase } from '#platform/testing/database.ts';

const directory = new URL('./migrations/', import.meta.url);

/** Makes the tables of the release before the log. */
const applyFirst = async (db: Database) => {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-test-migrations-'));
  const file = '0001-bus.sql';
  await cp(fileURLToPath(new URL(file, directory)), join(folder, file));
  await applyMigrations(db, 'bus', folder);
  await rm(folder, { recursive: true });
};

/** As that release publishes. */
const insert = (db: Database, ids: string[]) =>
  db.query(
    `INSERT INTO bus.event (id, type, key, payload, traceparent, event_time)
     SELECT id, 'Moved', 'k', '\\x01', '', to_timestamp(1700000000.123) FROM unnest($1::uuid[]) AS id`,
    [ids],
  );

describe('the migration to the log', () => {
  it('loses nothing that was not handled, and takes what an older release goes on to publish', async () => {
    await using db = await openTestDatabase();
    await applyFirst(db);
    const [done, waiting, dead] = [eventOf('Moved'), eventOf('Moved'), eventOf('Moved')];
    await db.query(`INSERT INTO bus.queue (name, types) VALUES ('moved.all', '{Moved}')`);
    await insert(db, [done.id, waiting.id, dead.id]);
    await db.query(
      `INSERT INTO bus.delivery (event_id, queue, type, attempts, dead_time, last_error)
       VALUES ($1, 'moved.all', 'Moved', 2, NULL, ''), ($2, 'moved.all', 'Moved', 8, now(), 'bad')`,
      [waiting.id, dead.id],
    );
    await applyMigrations(db, 'bus', directory);
    const retries = await db.query('SELECT event_id, attempts, event_time_ms FROM bus.retry ORDER BY sequence');
    expect(retries.rows).toEqual([
      { event_id: waiting.id, attempts: 2, event_time_ms: 1_700_000_000_123n },
      { event_id: dead.id, attempts: 8, event_time_ms: 1_700_000_000_123n },
    ]);
    const older = eventOf('Moved');
    await insert(db, [older.id, done.id]);
    const unread = `SELECT id FROM bus.log WHERE sequence > (SELECT position FROM bus.queue WHERE name = 'moved.all')`;
    expect((await db.query(unread)).rows).toEqual([{ id: older.id }]);
    expect((await db.query('SELECT FROM bus.event')).rowCount).toBe(0);
  });
});
