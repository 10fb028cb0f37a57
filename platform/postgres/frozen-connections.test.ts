import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBatcher } from '#platform/batch/batcher.ts';
import { Code } from '#platform/errors/code.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type FaultProxy, startProxyBefore } from '#platform/testing/faults/fault-proxy.ts';
import { type DatabaseOptions, openDatabase } from './database.ts';
import { migratePlatform } from './migrate.ts';
import type { Database } from './sql.ts';

let real: OpenTestDatabase;
let proxy: FaultProxy;
let db: Database;

beforeEach(async () => {
  real = await openTestDatabase();
  proxy = await startProxyBefore(real.url);
  db = open();
});
afterEach(async () => {
  await db[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await real[Symbol.asyncDispose]();
});

const open = (options: Partial<DatabaseOptions> = {}) =>
  openDatabase({
    ...{ url: proxy.through(real.url), applicationName: 'frozen', logger: silentLogger },
    ...{ statementTimeoutMs: 1_000, connectTimeoutMs: 2_000, poolMax: 3 },
    ...options,
  });

/** How a call has ended: `ok`, or the code of its failure. */
const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error) => error.code ?? String(error),
  );
const threeAtOnce = () => Promise.all(Array.from({ length: 3 }, () => db.query('SELECT pg_sleep(0.05)')));

describe('a database whose connections froze', () => {
  it('ends the wait of a statement as UNAVAILABLE, and destroys every connection that is as old', async () => {
    await threeAtOnce();
    expect(proxy.openCount).toBe(3);
    proxy.freeze();
    expect(await outcomeOf(db.query('SELECT 1'))).toBe(Code.UNAVAILABLE);
    await threeAtOnce();
    expect(proxy.acceptedCount).toBe(6);
    // A frozen server learns at the thaw who has left.
    proxy.thaw();
    await eventually(() => expect(proxy.openCount).toBe(3));
  });

  it('does not hold up a start that has nothing to migrate', async () => {
    await migratePlatform(real);
    await threeAtOnce();
    proxy.freeze();
    await migratePlatform(db);
    expect(proxy.acceptedCount).toBeGreaterThan(3);
  });

  it('gives its slot of a batcher back', async () => {
    const flush = async (items: number[]) => {
      await db.query('SELECT 1');
      return items;
    };
    const batcher = createBatcher<number, number>({ name: 'test', itemsMax: 200, queueLengthMax: 1_000, flush });
    await batcher.submit(0);
    proxy.freeze();
    const first = outcomeOf(batcher.submit(1));
    await new Promise(setImmediate);
    const second = outcomeOf(batcher.submit(2));
    expect(await Promise.all([first, second])).toEqual([Code.UNAVAILABLE, 'ok']);
  });

  it('recovers however often its connections freeze, one after another', async () => {
    for (let round = 0; round < 5; round += 1) {
      await eventually(threeAtOnce);
      proxy.freeze();
      const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(db.query('SELECT 1'))));
      expect(outcomes).toEqual([Code.UNAVAILABLE, Code.UNAVAILABLE, Code.UNAVAILABLE]);
    }
    await eventually(threeAtOnce);
  });

  it('runs a transaction again, unless its commit was sent', async () => {
    await real.query('CREATE TABLE effect (id int)');
    let runs = 0;
    await db.transaction(async (tx) => {
      runs += 1;
      await tx.query('INSERT INTO effect VALUES (1)');
      if (runs === 1) proxy.freeze();
      await tx.query('SELECT 1');
    });
    expect(runs).toBe(2);
    const unknown = db.transaction(async (tx) => {
      runs += 1;
      await tx.query('SELECT 1');
      proxy.freeze();
    });
    expect(await outcomeOf(unknown)).toBe(Code.UNAVAILABLE);
    expect(runs).toBe(3);
    expect((await real.query('SELECT FROM effect')).rowCount).toBe(1);
  });

  it('ends the wait of a binary read', async () => {
    await db.readBinary('SELECT 1');
    proxy.freeze();
    expect(await outcomeOf(db.readBinary('SELECT 1'))).toBe(Code.UNAVAILABLE);
    expect(await outcomeOf(db.readBinary('SELECT 1'))).toBe('ok');
  });

  it('waits as long as a transaction asks for', async () => {
    await db.transaction((tx) => tx.query('SELECT pg_sleep(1.5)'), { statementTimeoutMs: 5_000 });
    expect(await outcomeOf(db.query('SELECT pg_sleep(1.5)'))).toBe(Code.UNAVAILABLE);
  });

  it('hears notifications again', async () => {
    const heard: string[] = [];
    await db.listen('news', (payload) => heard.push(payload));
    proxy.freeze();
    await eventually(() => expect(heard).toContain(''), { timeoutMs: 15_000 });
    await real.query(`SELECT pg_notify('news', 'again')`);
    await eventually(() => expect(heard).toContain('again'));
  });
});

describe('a server that was demoted', () => {
  it('loses all its connections at the first refused write', async () => {
    await real.query('CREATE TABLE effect (id int)');
    const name = new URL(real.url).pathname.slice(1);
    await real.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await threeAtOnce();
    await real.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    expect(await outcomeOf(db.query('INSERT INTO effect VALUES (1)'))).toBe(Code.UNAVAILABLE);
    const writes = [1, 2, 3].map(() => outcomeOf(db.query('INSERT INTO effect VALUES (1)')));
    expect(await Promise.all(writes)).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('a database that answers nothing at all', () => {
  it('bounds the wait for a connection, for one of the pool too, and goes on at the thaw', async () => {
    proxy.freezeAll();
    const calls = Array.from({ length: 6 }, () => outcomeOf(db.query('SELECT 1')));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([Code.UNAVAILABLE]));
    expect(await db.healthy()).toBe(false);
    proxy.thaw();
    await eventually(async () => expect(await outcomeOf(db.query('SELECT 1'))).toBe('ok'));
  });

  it('is the same when it has vanished without a reset', async () => {
    await threeAtOnce();
    proxy.drop();
    expect(await outcomeOf(db.query('SELECT 1'))).toBe(Code.UNAVAILABLE);
    expect(await outcomeOf(db.query('SELECT 1'))).toBe('ok');
  });

  it('lets the pool be closed', async () => {
    const other = open();
    await other.query('SELECT 1');
    const hanging = outcomeOf(other.query('SELECT pg_sleep(1)'));
    proxy.freezeAll();
    await other[Symbol.asyncDispose]();
    expect(await hanging).toBe(Code.UNAVAILABLE);
  });
});
