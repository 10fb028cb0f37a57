import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import type { Sql } from './sql.ts';

let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

describe('a prepared statement', () => {
  it('answers a prepared statement whose table a migration has changed, in a transaction too', async () => {
    await db.query('CREATE TABLE widened (id int)');
    const read = (sql: Sql) => sql.query('SELECT * FROM widened WHERE id > $1', [0]);
    await Promise.all(Array.from({ length: 20 }, () => read(db)));
    await db.query('ALTER TABLE widened ADD COLUMN name text');
    await db.query("INSERT INTO widened VALUES (1, 'one')");
    for (const { rows } of await Promise.all(Array.from({ length: 20 }, () => read(db)))) {
      expect(rows).toEqual([{ id: 1, name: 'one' }]);
    }
    await db.query('ALTER TABLE widened ADD COLUMN color text');
    expect((await db.transaction(read)).rows).toEqual([{ id: 1, name: 'one', color: null }]);
  });
});
