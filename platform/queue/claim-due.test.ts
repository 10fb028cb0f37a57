import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { claimDue, type QueueTable, stillClaimed } from './claim-due.ts';

const jobs: QueueTable = { name: 'job', key: 'job_id', isPending: 'NOT done' };
const nowMs = Date.parse('2026-01-01T00:00:00Z');

describe('claimDue', () => {
  let db: OpenTestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE job (
      job_id integer PRIMARY KEY, done boolean NOT NULL DEFAULT false, attempts integer NOT NULL DEFAULT 0,
      next_attempt_time timestamptz NOT NULL)`);
  });
  afterAll(() => db?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.query('TRUNCATE job');
    for (const jobId of [1, 2, 3, 4]) {
      await db.query('INSERT INTO job (job_id, next_attempt_time) VALUES ($1, $2)', [jobId, new Date(nowMs + jobId)]);
    }
  });

  type Row = { job_id: number; attempts: number };
  const claim = (limit: number, atMs: number) =>
    claimDue<Row>(db, jobs, 'SELECT job_id, attempts FROM claimed ORDER BY job_id', {
      limit,
      nowMs: atMs,
      leaseMs: 1_000,
    });

  it('claims what is due, the longest due first, and counts an attempt', async () => {
    expect(await claim(2, nowMs + 3)).toEqual([
      { job_id: 1, attempts: 1 },
      { job_id: 2, attempts: 1 },
    ]);
    expect(await claim(5, nowMs + 3)).toEqual([{ job_id: 3, attempts: 1 }]);
    expect(await claim(5, nowMs + 3)).toEqual([]);
  });

  it('gives a row to one of several claims at once', async () => {
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(1, nowMs + 10)));
    const ids = claims.flat().map(({ job_id: jobId }) => jobId);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await claim(4, nowMs + 10);
    expect([...ids, ...rest.map(({ job_id: jobId }) => jobId)].toSorted()).toEqual([1, 2, 3, 4]);
  });

  it('gives a row again when its time is over, and leaves out what is done', async () => {
    await claim(1, nowMs + 1);
    await db.query('UPDATE job SET done = true WHERE job_id = 2');
    expect(await claim(5, nowMs + 1_000)).toMatchObject([{ job_id: 3 }, { job_id: 4 }]);
    expect(await claim(5, nowMs + 1_001)).toEqual([{ job_id: 1, attempts: 2 }]);
  });

  it('lets only the latest claim of a pending row change it', async () => {
    const finish = async (attempts: number) => {
      const { rowCount } = await db.query(`UPDATE job SET done = true WHERE ${stillClaimed(jobs)}`, [1, attempts]);
      return rowCount;
    };
    await claim(1, nowMs + 1);
    await claim(1, nowMs + 2_000);
    await db.query('UPDATE job SET next_attempt_time = $1 WHERE job_id = 1', [new Date(nowMs)]);
    expect(await claim(1, nowMs + 1)).toEqual([{ job_id: 1, attempts: 2 }]);
    expect(await finish(1)).toBe(0);
    expect(await finish(2)).toBe(1);
    expect(await finish(2)).toBe(0);
  });
});

describe('claimDue of a table whose times are of the market', () => {
  const orders: QueueTable = { name: 'market_job', key: 'job_id', isPending: 'true', isOfMarket: true };
  const leaseMs = 3_000;
  let db: OpenTestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE market_job (job_id integer PRIMARY KEY, attempts integer NOT NULL DEFAULT 0,
      next_attempt_time timestamptz NOT NULL, claimed_until timestamptz NOT NULL DEFAULT '-infinity')`);
    await db.query('INSERT INTO market_job (job_id, next_attempt_time) VALUES (1, $1)', [new Date(nowMs)]);
  });
  afterAll(() => db?.[Symbol.asyncDispose]());

  it('gives a row again once its claim is over by the machine, while the market stands still or runs away', async () => {
    const claim = (atMs: number) =>
      claimDue<{ attempts: number }>(db, orders, 'SELECT attempts FROM claimed', { limit: 1, nowMs: atMs, leaseMs });
    expect(await claim(nowMs - 1)).toEqual([]);
    expect(await claim(nowMs)).toEqual([{ attempts: 1 }]);
    expect(await claim(nowMs + 86_400_000)).toEqual([]);
    await eventually(async () => expect(await claim(nowMs)).toEqual([{ attempts: 2 }]));
  });
});
