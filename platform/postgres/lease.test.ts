import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { fenceLease, holdLease, type Lease, LeaseLostError, type LeaseOptions } from './lease.ts';
import { migratePlatform } from './migrate.ts';
import type { Database } from './sql.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db);
});
afterAll(() => db[Symbol.asyncDispose]());

const ttlMs = 300;
/** Of a lease that its holder must not lose, also on a busy machine. */
const longTtlMs = 2_000;

/** A name that no earlier try of a test has used: its holder may still be there. */
const fresh = (name: string) => `${name} ${randomUUID()}`;

/** One process that tries to hold the lease, and records the leases that it got. */
function startHolder(
  name: string,
  holder: string,
  database: Database = db,
  options: Pick<LeaseOptions, 'ttlMs' | 'hint' | 'mayTry' | 'outlastsExpiry'> = {},
) {
  const stop = new AbortController();
  const held: Lease[] = [];
  let holding = 0;
  const ended = holdLease({
    db: database,
    name,
    holder,
    ttlMs,
    ...options,
    logger: silentLogger,
    signal: stop.signal,
    whileHeld: async (lease) => {
      held.push(lease);
      holding += 1;
      await new Promise<void>((resolve) => lease.signal.addEventListener('abort', () => resolve(), { once: true }));
      holding -= 1;
    },
  });
  return {
    held,
    isHolding: () => holding > 0,
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

const until = (condition: () => boolean) => expect.poll(condition, { interval: 10 }).toBe(true);

/** Takes the lease as a process would that saw it expire. */
const takeOver = (name: string) =>
  db.query(
    `UPDATE platform.lease SET token = token + 1, holder = 'thief', expire_time = now() + interval '300 ms' WHERE name = $1`,
    [name],
  );

describe('holdLease', () => {
  it('has one holder at a time, is renewed past its time to live, and is handed on at once when the holder stops', async () => {
    const first = startHolder('one', 'first', db, { ttlMs: longTtlMs });
    await until(first.isHolding);
    const second = startHolder('one', 'second', db, { ttlMs: longTtlMs });
    await pause(longTtlMs * 1.2);
    expect([first.isHolding(), second.isHolding()]).toEqual([true, false]);
    await first.stop();
    expect(first.isHolding()).toBe(false);
    await until(second.isHolding);
    expect(second.held[0]?.token).toBe((first.held[0]?.token ?? 0n) + 1n);
    await second.stop();
  });

  it('aborts the signal of a holder after a takeover, and lets it take the lease again later', async () => {
    const holder = startHolder('stolen', 'first');
    await until(holder.isHolding);
    await takeOver('stolen');
    await until(() => holder.held[0]?.signal.aborted === true);
    await until(() => holder.held.length === 2);
    expect(holder.held.map(({ token }) => token)).toEqual([1n, 3n]);
    await holder.stop();
  });

  it('gives up by its own clock when the database does not answer in time', async () => {
    const deaf = db.openAnother();
    let answering = true;
    const holder = startHolder('deaf', 'first', {
      ...deaf,
      query: (...args) => (answering ? deaf.query(...args) : new Promise(() => {})),
    } as Database);
    await until(holder.isHolding);
    const silentSinceMs = performance.now();
    answering = false;
    await until(() => holder.held[0]?.signal.aborted === true);
    expect(performance.now() - silentSinceMs).toBeLessThan(ttlMs * 10);
    const successor = startHolder('deaf', 'second');
    await until(successor.isHolding);
    await successor.stop();
  });

  it('goes on past its time when it may, without calling it valid, until another has taken over', async () => {
    const name = fresh('patient');
    const deaf = db.openAnother();
    let answering = true;
    const query = (...args: Parameters<Database['query']>) =>
      answering ? deaf.query(...args) : Promise.reject(new Error('no answer'));
    const patient = startHolder(name, 'first', { ...deaf, query } as Database, { outlastsExpiry: true });
    await until(patient.isHolding);
    expect(patient.held[0]?.isValid()).toBe(true);
    answering = false;
    await pause(ttlMs * 1.5);
    expect([patient.isHolding(), patient.held[0]?.isValid()]).toEqual([true, false]);
    answering = true;
    await until(() => patient.held[0]?.isValid() === true);
    await takeOver(name);
    await until(() => patient.held[0]?.signal.aborted === true);
    expect(patient.held[0]?.isValid()).toBe(false);
    await patient.stop();
  });

  it('may be taken before its time by one who knows that its token is free', async () => {
    const name = fresh('free');
    const first = startHolder(name, 'first', db, { ttlMs: longTtlMs });
    await until(first.isHolding);
    const known = Promise.withResolvers<void>();
    let replaces: bigint | undefined;
    const hint = { wait: () => known.promise, replaces: () => replaces };
    const second = startHolder(name, 'second', db, { ttlMs: longTtlMs, hint });
    await pause(longTtlMs);
    expect(second.isHolding()).toBe(false);
    replaces = first.held[0]?.token;
    known.resolve();
    await until(second.isHolding);
    await until(() => first.held[0]?.signal.aborted === true);
    await second.stop();
    await first.stop();
  });

  it('is taken from a silent holder although the clock of the database says that it has time left', async () => {
    const name = fresh('behind');
    await db.query(`INSERT INTO platform.lease VALUES ($1, 'gone', 7, now() + interval '1 hour')`, [name]);
    const holder = startHolder(name, 'next');
    await until(holder.isHolding);
    expect(holder.held[0]?.token).toBe(8n);
    await holder.stop();
  });

  it('is left to others by a process that may not try', async () => {
    const name = fresh('able');
    let able = false;
    const unable = startHolder(name, 'first', db, { mayTry: () => able });
    const other = startHolder(name, 'second');
    await until(other.isHolding);
    await other.stop();
    await pause(ttlMs);
    expect(unable.isHolding()).toBe(false);
    able = true;
    await until(unable.isHolding);
    await unable.stop();
  });

  it('never begins the work when it is given up while it claims the lease, and leaves the lease free', async () => {
    const name = fresh('late');
    const slow = db.openAnother();
    const asked = Promise.withResolvers<void>();
    const may = Promise.withResolvers<void>();
    const query = async (...args: Parameters<Database['query']>) => {
      asked.resolve();
      await may.promise;
      return slow.query(...args);
    };
    const holder = startHolder(name, 'first', { ...slow, query } as Database);
    await asked.promise;
    const ended = holder.stop();
    may.resolve();
    await ended;
    expect(holder.held).toEqual([]);
    const next = startHolder(name, 'second');
    await until(next.isHolding);
    await next.stop();
  });

  it('begins again when the work fails', async () => {
    const stop = new AbortController();
    let runs = 0;
    await holdLease({
      db,
      name: 'failing',
      holder: 'first',
      ttlMs,
      logger: silentLogger,
      signal: stop.signal,
      whileHeld: async () => {
        runs += 1;
        if (runs === 2) stop.abort();
        throw new Error('no');
      },
    });
    expect(runs).toBe(2);
  });

  it('survives that its connections break', async () => {
    const holder = startHolder('broken', 'first', db, { ttlMs: longTtlMs });
    await until(holder.isHolding);
    await db.breakConnections();
    await pause(longTtlMs * 1.2);
    expect(holder.held).toHaveLength(1);
    expect(holder.isHolding()).toBe(true);
    await holder.stop();
  });
});

describe('fenceLease', () => {
  it('refuses a transaction of an old token, also one that slept through the takeover', async () => {
    const holder = startHolder('fenced', 'first');
    await until(holder.isHolding);
    const token = holder.held[0]?.token ?? 0n;
    await db.transaction((tx) => fenceLease(tx, 'fenced', token));
    await takeOver('fenced');
    await expect(db.transaction((tx) => fenceLease(tx, 'fenced', token))).rejects.toThrow(LeaseLostError);
    await holder.stop();
  });

  it('makes a takeover wait for a fenced transaction, but not a renewal', async () => {
    const name = fresh('waiting');
    const holder = startHolder(name, 'first', db, { ttlMs: longTtlMs });
    await until(holder.isHolding);
    const events: string[] = [];
    let takingOver: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await fenceLease(tx, name, holder.held[0]?.token ?? 0n);
      await pause(longTtlMs * 1.2);
      expect(holder.isHolding()).toBe(true);
      takingOver = takeOver(name).then(() => events.push('taken over'));
      await pause(100);
      events.push('committing');
    });
    await takingOver;
    expect(events).toEqual(['committing', 'taken over']);
    await holder.stop();
  });
});
