import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { plainArray, textArray } from './columns.ts';

let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

describe('array parameters', () => {
  it('bring any text over as it is', async () => {
    const texts = ['', 'a', '"', '\\', '{a,b}', ' a ', 'NULL', 'null', null, "it's", 'zwei\nZeilen', '\\"', '😀', ','];
    const { rows } = await db.query('SELECT $1::text[] AS texts', [textArray(texts)]);
    expect(rows).toEqual([{ texts }]);
    expect((await db.query('SELECT $1::text[] AS texts', [textArray([])])).rows).toEqual([{ texts: [] }]);
  });

  it('bring numbers, ids and truth values over exactly', async () => {
    const ids = ['0192c4e5-7a3b-7c1d-8e2f-0123456789ab', null];
    const numbers = [9_223_372_036_854_775_807n, -1n, null, 0n];
    const { rows } = await db.query('SELECT $1::uuid[] AS ids, $2::bigint[] AS numbers, $3::boolean[] AS flags', [
      plainArray(ids),
      plainArray(numbers),
      plainArray([true, false, null]),
    ]);
    expect(rows).toEqual([{ ids, numbers, flags: [true, false, null] }]);
  });
});
