import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFeedState } from '#platform/feed/feed-state.ts';
import { fenceLease } from '#platform/postgres/lease.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { exchangeFeedName } from './change-watch.ts';

const migrations = new URL('./migrations/', import.meta.url);

let db: OpenTestDatabase;
let folder: string;

beforeAll(async () => {
  db = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'outcry-migrations-'));
  await cp(new URL('0001-orders.sql', migrations), join(folder, '0001-orders.sql'));
  await migrate(db, folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db[Symbol.asyncDispose]();
});

describe('migration 0002-feed-state', () => {
  it('goes on from the positions and epochs of the release before, and shuts its processes out', async () => {
    await db.query(`INSERT INTO platform.feed_position (name, sequence) VALUES ('exchange-0', 7), ('exchange-12', 9)`);
    await db.query(`INSERT INTO feed_epochs VALUES (0, 'a'), (12, 'b'), (3, 'c')`);
    await db.query(`INSERT INTO platform.lease VALUES ('order-feed-0', 'old', 4, now() + interval '3 s')`);
    await migrate(db, migrations);
    const stateOf = (shard: number) => readFeedState(db, exchangeFeedName(shard));
    expect(await stateOf(0)).toMatchObject({ sequence: 7n, epoch: 'a', halt: undefined });
    expect(await stateOf(12)).toMatchObject({ sequence: 9n, epoch: 'b', halt: undefined });
    expect(await stateOf(3)).toMatchObject({ sequence: 0n, epoch: 'c', halt: undefined });
    await expect(fenceLease(db, 'order-feed-0', 4n)).rejects.toThrow('taken over');
    const { rows } = await db.query(`SELECT expire_time > now() + interval '1 year' AS taken FROM platform.lease`);
    expect(rows).toEqual([{ taken: true }]);
  });
});
