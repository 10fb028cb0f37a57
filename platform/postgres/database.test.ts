import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { openDatabase } from './database.ts';
import { failureCode, TransactionConflictError } from './failures.ts';
import { afterCommit } from './sql.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query('CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)');
});
afterAll(() => db[Symbol.asyncDispose]());

const balanceOf = async (id: number) =>
  (await db.query<{ balance: bigint }>('SELECT balance FROM account WHERE id = $1', [id])).rows[0]?.balance;

describe('query', () => {
  it('reads and writes integers, bytes, numerics, times and dates exactly', async () => {
    const { rows } = await db.query(
      `SELECT $1::int8 AS int8, $2::int8[] AS int8s, $3::bytea AS bytes, $4::bytea[] AS many, 1.10::numeric AS numeric,
         timestamptz '2026-01-02 03:04:05.678Z' AS time, date '2026-01-02' AS date`,
      [9_007_199_254_740_993n, [1n, -9_223_372_036_854_775_808n], new Uint8Array([0, 255]), [Buffer.from('a')]],
    );
    expect(rows[0]).toEqual({
      int8: 9_007_199_254_740_993n,
      int8s: [1n, -9_223_372_036_854_775_808n],
      bytes: Buffer.from([0, 255]),
      many: [Buffer.from('a')],
      numeric: '1.10',
      time: new Date('2026-01-02T03:04:05.678Z'),
      date: '2026-01-02',
    });
  });

  it('gives the same answer prepared', async () => {
    for (const value of [1n, 2n]) {
      const { rows } = await db.query('SELECT $1::int8 AS value', [value]);
      expect(rows).toEqual([{ value }]);
    }
  });

  it('ends a statement that runs too long, as UNAVAILABLE', async () => {
    const impatient = db.openAnother({ statementTimeoutMs: 50 });
    await expect(impatient.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });

  it('reports the SQLSTATE of every other failure', async () => {
    expect(failureCode(await db.query('SELECT 1/0').catch((error) => error))).toBe('22012');
  });

  it('is UNAVAILABLE, without the address, when nothing listens', async () => {
    const url = 'postgres://postgres:secret@127.0.0.1:1/nowhere';
    const nowhere = openDatabase({ url, applicationName: 'test', logger: silentLogger });
    const error = await nowhere.query('SELECT 1').catch((reason) => reason);
    expect(error).toMatchObject({ code: Code.UNAVAILABLE });
    expect(error.message).not.toContain('127.0.0.1');
    expect(await nowhere.healthy()).toBe(false);
    await nowhere[Symbol.asyncDispose]();
  });

  it('survives that the server ends its connections, in use or idle', async () => {
    await Promise.all(Array.from({ length: 4 }, () => db.query('SELECT 1')));
    const inUse = db.query('SELECT pg_sleep(5)');
    const failed = expect(inUse).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    await pause(50);
    await db.breakConnections();
    await failed;
    await expect.poll(() => db.healthy()).toBe(true);
  });

  it('never has more connections than the pool may', async () => {
    const small = db.openAnother({ poolMax: 2 });
    const { rows } = await small.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(rows).toHaveLength(1);
    const pids = await Promise.all(
      Array.from({ length: 20 }, () => small.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.005)')),
    );
    expect(new Set(pids.map((result) => result.rows[0]?.pid)).size).toBeLessThanOrEqual(2);
  });
});

describe('transaction', () => {
  it('commits what resolves and rolls back what throws', async () => {
    await db.transaction((tx) => tx.query('INSERT INTO account VALUES (1, 10)'));
    await expect(
      db.transaction(async (tx) => {
        await tx.query('UPDATE account SET balance = 99 WHERE id = 1');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await balanceOf(1)).toBe(10n);
  });

  it('runs again after a serialization failure, so that no update is lost', async () => {
    await db.query('INSERT INTO account VALUES (2, 0)');
    let reads = 0;
    const add = () =>
      db.transaction(
        async (tx) => {
          const { rows } = await tx.query<{ balance: bigint }>('SELECT balance FROM account WHERE id = 2');
          reads += 1;
          await eventually(() => expect(reads).toBeGreaterThanOrEqual(3));
          await tx.query('UPDATE account SET balance = $1 WHERE id = 2', [(rows[0]?.balance ?? 0n) + 1n]);
        },
        { isolation: 'serializable', attemptsMax: 20 },
      );
    await Promise.all([add(), add(), add()]);
    expect(await balanceOf(2)).toBe(3n);
    expect(reads).toBeGreaterThan(3);
  });

  it('runs again after a deadlock', async () => {
    await db.query('INSERT INTO account VALUES (3, 0), (4, 0)');
    const move = (from: number, to: number) =>
      db.transaction(async (tx) => {
        await tx.query('UPDATE account SET balance = balance - 1 WHERE id = $1', [from]);
        await pause(50);
        await tx.query('UPDATE account SET balance = balance + 1 WHERE id = $1', [to]);
      });
    await Promise.all([move(3, 4), move(4, 3)]);
    expect([await balanceOf(3), await balanceOf(4)]).toEqual([0n, 0n]);
  });

  it('gives up after the attempts it was given', async () => {
    let runs = 0;
    const failing = db.transaction(
      async (tx) => {
        runs += 1;
        await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
      },
      { attemptsMax: 3 },
    );
    await expect(failing).rejects.toMatchObject({ code: '40001' });
    expect(runs).toBe(3);
  });

  it('runs again when its work finds a conflict, and commits nothing of the attempts before', async () => {
    let runs = 0;
    await db.transaction(async (tx) => {
      runs += 1;
      await tx.query('INSERT INTO account VALUES (7, $1)', [runs]);
      if (runs < 3) throw new TransactionConflictError('another was faster');
    });
    expect(await balanceOf(7)).toBe(3n);
  });

  it('answers ABORTED when its work finds a conflict at each attempt', async () => {
    let runs = 0;
    const failing = db.transaction(async () => {
      runs += 1;
      throw new TransactionConflictError('another was faster');
    });
    await expect(failing).rejects.toMatchObject({ code: Code.ABORTED, reason: ErrorReason.OVERLOADED });
    expect(runs).toBe(5);
  });

  it('runs again when the connection breaks before the commit', async () => {
    let runs = 0;
    await db.transaction(async (tx) => {
      runs += 1;
      await tx.query('INSERT INTO account VALUES (5, $1)', [runs]);
      if (runs === 1) await db.breakConnections();
      await tx.query('SELECT 1');
    });
    expect(runs).toBe(2);
    expect(await balanceOf(5)).toBe(2n);
  });

  it('does not pretend to have committed when a failed statement was swallowed', async () => {
    const swallowing = db.transaction(async (tx) => {
      await tx.query('INSERT INTO account VALUES (6, 1)');
      await tx.query('SELECT 1/0').catch(() => {});
    });
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await balanceOf(6)).toBeUndefined();
  });

  it('refuses a statement that comes after its end', async () => {
    const leaked = await db.transaction(async (tx) => tx);
    await expect(leaked.query('SELECT 1')).rejects.toThrow('has ended');
  });

  it('runs what waits for the commit after it, and not when it rolls back', async () => {
    const seen: string[] = [];
    await db.transaction(async (tx) => {
      afterCommit(tx, () => seen.push('committed'));
      seen.push('working');
    });
    await db
      .transaction(async (tx) => {
        afterCommit(tx, () => seen.push('never'));
        throw new Error('no');
      })
      .catch(() => {});
    expect(seen).toEqual(['working', 'committed']);
  });
});

describe('listen', () => {
  it('reports each notification, and after a reconnect that some may have been missed', async () => {
    const heard: string[] = [];
    const waitFor = (count: number) => expect.poll(() => heard.length).toBe(count);
    const listening = await db.listen('news', (payload) => heard.push(payload));
    await db.query(`SELECT pg_notify('news', 'one')`);
    await waitFor(1);
    await db.breakConnections();
    await waitFor(2);
    await db.query(`SELECT pg_notify('news', 'two')`);
    await waitFor(3);
    expect(heard).toEqual(['one', '', 'two']);
    await listening[Symbol.asyncDispose]();
    await db.query(`SELECT pg_notify('news', 'three')`);
    await pause(50);
    expect(heard).toHaveLength(3);
  });

  it('uses one connection for all channels', async () => {
    await Promise.all(['a', 'b', 'c'].map((channel) => db.listen(channel, () => {})));
    const { rows } = await db.query<{ count: bigint }>(
      `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test listen'`,
    );
    expect(rows[0]?.count).toBe(1n);
  });
});
