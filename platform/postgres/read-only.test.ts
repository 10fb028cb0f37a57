import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { runWithTrace, startTrace } from '#platform/telemetry/trace-context.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';

const refusal = { code: Code.FAILED_PRECONDITION, reason: ErrorReason.MIRRORED };
const asCopy = <T>(work: () => Promise<T>) => runWithTrace(startTrace('', '', 'outcry-mirrored=1'), work);

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query('CREATE TABLE deposit (id int GENERATED ALWAYS AS IDENTITY, amount int NOT NULL)');
});
afterAll(() => db[Symbol.asyncDispose]());

const insert = 'INSERT INTO deposit (amount) VALUES (1) RETURNING id';
const count = async () => (await db.query<{ count: bigint }>('SELECT count(*) FROM deposit')).rows[0]?.count;

describe('readOnlyForCopy', () => {
  it('lets a copy of a call read, and refuses whatever it writes, by any statement and in any transaction', async () => {
    await db.query(insert);
    expect(await asCopy(count)).toBe(1n);
    await expect(asCopy(() => db.query(insert))).rejects.toMatchObject(refusal);
    await expect(asCopy(() => db.query(`WITH made AS (${insert}) SELECT id FROM made`))).rejects.toMatchObject(refusal);
    for (const isolation of ['read committed', 'repeatable read', 'serializable'] as const) {
      const work = () => db.transaction((tx) => tx.query(insert), { isolation });
      await expect(asCopy(work)).rejects.toMatchObject(refusal);
    }
    expect(await count()).toBe(1n);
  });

  it('does not take the refusal for that of a server which is not the primary: connections stay', async () => {
    const pid = async () => (await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
    const before = await pid();
    await expect(asCopy(() => db.query(insert))).rejects.toMatchObject(refusal);
    expect(await pid()).toBe(before);
    await expect(db.query(insert)).resolves.toMatchObject({ rowCount: 1 });
  });
});
