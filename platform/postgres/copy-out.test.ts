import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Code } from '#platform/errors/code.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { failureCode } from './failures.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

describe('readBinary', () => {
  it('gives bytes as they are, large and small, and null', async () => {
    const rows = await db.readBinary(
      `SELECT n, CASE n WHEN 2 THEN NULL ELSE decode(repeat('00ff80c3', n * n * n), 'hex') END
       FROM generate_series(1, 60) AS n ORDER BY n`,
    );
    expect(rows).toHaveLength(60);
    for (const [index, [number, bytes]] of rows.entries()) {
      const n = index + 1;
      expect(number?.readInt32BE()).toBe(n);
      if (n === 2) expect(bytes).toBeNull();
      else expect(bytes?.equals(Buffer.alloc(4 * n ** 3, Buffer.from('00ff80c3', 'hex')))).toBe(true);
    }
  });

  it('gives no rows where there are none', async () => {
    expect(await db.readBinary('SELECT 1 WHERE false')).toEqual([]);
  });

  it('keeps the SQLSTATE of a failure, also in the middle, and goes on with another connection', async () => {
    const fails = db.readBinary('SELECT repeat(chr(65), 50000), 1 / (50 - n) FROM generate_series(1, 100) AS n');
    expect(failureCode(await fails.catch((error) => error))).toBe('22012');
    const impatient = db.openAnother({ statementTimeoutMs: 1_000, poolMax: 1 });
    await expect(impatient.readBinary('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(await impatient.readBinary('SELECT 7::int2')).toEqual([[Buffer.from([0, 7])]]);
  });

  it('is UNAVAILABLE when the connection breaks while it reads', async () => {
    const reading = db.readBinary('SELECT pg_sleep(5)').catch((error) => error);
    await expect
      .poll(async () => {
        const active = "SELECT FROM pg_stat_activity WHERE query LIKE 'COPY%pg_sleep%' AND state = 'active'";
        return (await db.query(active)).rowCount;
      })
      .toBe(1);
    await db.breakConnections();
    expect(await reading).toMatchObject({ code: Code.UNAVAILABLE });
  });
});
