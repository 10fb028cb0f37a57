import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import type { Sql, TransactionOptions } from '#platform/postgres/sql.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { readKeyed, runIdempotent } from './run-idempotent.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db);
  await db.query('CREATE TABLE deposit (id int GENERATED ALWAYS AS IDENTITY, amount int NOT NULL)');
});
afterAll(() => db[Symbol.asyncDispose]());

/** Deposits under a key and answers with the row's number. */
const deposit = (key: string, amount: number, run?: (tx: Sql) => Promise<void>, options?: TransactionOptions) =>
  db.transaction(
    (tx) =>
      runIdempotent(tx, {
        scope: 'deposit:a',
        key,
        fingerprint: String(amount),
        run: async () => {
          await run?.(tx);
          const { rows } = await tx.query<{ id: number }>('INSERT INTO deposit (amount) VALUES ($1) RETURNING id', [
            amount,
          ]);
          return rows[0]?.id ?? 0;
        },
        encode: (id) => Buffer.from(String(id)),
        decode: (bytes) => Number(Buffer.from(bytes).toString()),
      }),
    options,
  );
const countOf = async (amount: number) =>
  (await db.query<{ count: bigint }>('SELECT count(*) FROM deposit WHERE amount = $1', [amount])).rows[0]?.count;

describe('runIdempotent', () => {
  it.each(['read committed', 'serializable'] as const)(
    'does the work once for 50 concurrent duplicates and gives all the same answer (%s)',
    async (isolation) => {
      const amount = isolation.length;
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => deposit(isolation, amount, undefined, { isolation, attemptsMax: 20 })),
      );
      expect(new Set(answers).size).toBe(1);
      expect(await countOf(amount)).toBe(1n);
    },
  );

  it('refuses the same key with another body', async () => {
    await deposit('reused', 100);
    await expect(deposit('reused', 101)).rejects.toMatchObject({
      code: Code.ALREADY_EXISTS,
      reason: ErrorReason.KEY_REUSED,
    });
    expect(await countOf(101)).toBe(0n);
  });

  it('stores nothing when a run throws: the next one runs', async () => {
    const failing = deposit('failing', 200, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(deposit('failing', 200)).resolves.toEqual(expect.any(Number));
    expect(await countOf(200)).toBe(1n);
  });

  it('lets a waiting duplicate do the work when the first one fails', async () => {
    const claimed = Promise.withResolvers<void>();
    const first = deposit('handed on', 300, async () => {
      claimed.resolve();
      await pause(100);
      throw new Error('no');
    });
    const failed = expect(first).rejects.toThrow('no');
    await claimed.promise;
    await expect(deposit('handed on', 300)).resolves.toEqual(expect.any(Number));
    await failed;
    expect(await countOf(300)).toBe(1n);
  });

  it('separates keys of different scopes', async () => {
    await deposit('scoped', 400);
    expect(await readKeyed(db, 'deposit:a', 'scoped')).toMatchObject({ fingerprint: '400' });
    expect(await readKeyed(db, 'deposit:b', 'scoped')).toBeUndefined();
  });
});
