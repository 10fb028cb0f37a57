import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/postgres/sql.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type AnnouncerOptions, createAnnouncer } from './announcer.ts';

let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.[Symbol.asyncDispose]());

/** An announcer of one more replica, with what it has sent and heard. */
async function startReplica(options: Partial<AnnouncerOptions> = {}) {
  const own = db.openAnother({ poolMax: 2 });
  const replica = { sent: 0, heard: 0 };
  const counting: Database = {
    ...own,
    query: (text, values) => {
      replica.sent += 1;
      return own.query(text, values);
    },
  };
  const onAnnounced = () => {
    replica.heard += 1;
  };
  const announcer = await createAnnouncer({
    db: counting,
    channel: 'test_feed',
    onAnnounced,
    logger: silentLogger,
    ...options,
  });
  const stop = async () => {
    await announcer[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
  };
  return Object.assign(replica, { announce: announcer.announce, [Symbol.asyncDispose]: stop });
}

describe('createAnnouncer', () => {
  it('sends nothing while no other replica listens, and announces again as soon as one has come', async () => {
    await using first = await startReplica({ pauseMs: 1 });
    await eventually(async () => expect(first.sent).toBe(1));
    for (let i = 0; i < 5; i += 1) {
      first.announce();
      await pause(5);
    }
    expect(first.sent).toBe(1);
    await using second = await startReplica();
    await eventually(async () => expect(first.heard).toBeGreaterThan(0));
    first.announce();
    await eventually(async () => expect(second.heard).toBeGreaterThan(0));
  });

  it('sends one announcement for all that is announced while one is under way and in the pause after it', async () => {
    await using first = await startReplica({ pauseMs: 200 });
    await using second = await startReplica();
    await eventually(async () => expect(first.heard).toBeGreaterThan(0));
    const before = first.sent;
    for (let i = 0; i < 1_000; i += 1) first.announce();
    await eventually(async () => expect(second.heard).toBeGreaterThan(0));
    expect(first.sent - before).toBeLessThanOrEqual(2);
  });
});
