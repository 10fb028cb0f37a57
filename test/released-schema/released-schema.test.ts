import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { applyBusMigrations } from '#platform/bus/postgres/migrate-bus.ts';
import { migrate, migratePlatform } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { busDatabase, services } from '../../supervisor/index.ts';
import { findBroken, type ReleasedSchema, readSnapshot } from './released-schema.ts';

const owners = services.filter(({ database }) => database).map(({ name, migrations }) => ({ name, migrations }));

async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

describe('findBroken', () => {
  it.each([...owners, { name: busDatabase, migrations: undefined }])(
    'finds that all of the last release runs on the schema of $name',
    async ({ name, migrations }) => {
      await using db = await openTestDatabase();
      if (name === busDatabase) await applyBusMigrations(db, {});
      else if (migrations === undefined) await migratePlatform(db);
      else await migrate(db, migrations);
      await using client = await connect(db.url);
      const released = await readSnapshot(name);
      expect(released.statements.length).toBeGreaterThan(0);
      expect(await findBroken(client, released)).toEqual([]);
    },
  );

  it('names a statement whose column is gone, and a new column that must have a value', async () => {
    await using db = await openTestDatabase();
    await using client = await connect(db.url);
    const released: ReleasedSchema = {
      columns: ['public.a.id', 'public.a.old'],
      statements: ['SELECT old FROM a WHERE id = $1', 'INSERT INTO a (id) VALUES ($1)'],
    };
    await client.query('CREATE TABLE a (id int, old text)');
    await client.query(`ALTER TABLE a ADD COLUMN noted text, ADD COLUMN counted int NOT NULL DEFAULT 0`);
    expect(await findBroken(client, released)).toEqual([]);
    await client.query('ALTER TABLE a DROP COLUMN old, ADD COLUMN due int NOT NULL');
    expect(await findBroken(client, released)).toEqual([
      'public.a.due is new and must have a value, which the last release does not give; add a default',
      'column "old" does not exist: SELECT old FROM a WHERE id = $1',
    ]);
  });
});
