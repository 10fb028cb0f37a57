import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratePlatform } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { resumeTransfers } from './resume-transfers.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await migratePlatform(db);
});
afterAll(() => db?.[Symbol.asyncDispose]());

/** A replica that notes each round of its job in `rounds`. */
function startJob(holder: string, rounds: string[]) {
  const stop = new AbortController();
  const resume = async () => {
    rounds.push(holder);
    return false;
  };
  const running = resumeTransfers({ db, transfers: { resume }, holder, logger: silentLogger, signal: stop.signal });
  return {
    async stop() {
      stop.abort();
      await running;
    },
  };
}

describe('resumeTransfers', () => {
  it('runs in one replica, and in another once that has ended', async () => {
    const rounds: string[] = [];
    const first = startJob('first', rounds);
    await expect.poll(() => rounds).toEqual(['first']);
    const second = startJob('second', rounds);
    await first.stop();
    await expect.poll(() => rounds).toEqual(['first', 'second']);
    await second.stop();
  });
});
