import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFeedState, readHalts } from '#platform/feed/feed-state.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { openTestDatabase } from '#platform/testing/database.ts';

const directory = new URL('./migrations/', import.meta.url);

/** Applies the migrations of the first release only. */
async function migrateToFirst(db: Database): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-ledger-'));
  try {
    await cp(fileURLToPath(new URL('0001-ledger.sql', directory)), join(folder, '0001-ledger.sql'));
    await migrate(db, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('migrations', () => {
  it('take over positions, epochs and halts of the shards that were settled before', async () => {
    await using db = await openTestDatabase();
    await migrateToFirst(db);
    await db.query(
      `INSERT INTO platform.feed_position (name, sequence) VALUES ('exchange.0', 17), ('exchange.1', 4);
       INSERT INTO platform.lease VALUES ('settlement.0', 'old', 3, now()), ('transfers', 'old', 2, now());
       INSERT INTO shard VALUES (0, 'first', NULL, 'lifted', now()), (1, 'other', 5, 'impossible', now()),
         (2, NULL, 1, 'at the start', now())`,
    );
    await migrate(db, directory);
    expect(await readFeedState(db, 'exchange.0')).toMatchObject({ sequence: 17n, epoch: 'first', halt: undefined });
    expect(await readFeedState(db, 'exchange.1')).toMatchObject({
      sequence: 4n,
      epoch: 'other',
      halt: { sequence: 5n, cause: 'impossible' },
    });
    expect(await readFeedState(db, 'exchange.2')).toMatchObject({ sequence: 0n, epoch: '' });
    expect((await readHalts(db)).map(({ feed }) => feed)).toEqual(['exchange.1', 'exchange.2']);
    const { rows } = await db.query<{ name: string }>('SELECT name FROM platform.lease');
    expect(rows).toEqual([{ name: 'transfers' }]);
  });
});
