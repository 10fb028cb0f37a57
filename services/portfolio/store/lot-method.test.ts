import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { readLotMethod, saveLotMethod } from './lot-method.ts';

const directory = new URL('./migrations/', import.meta.url);

describe('saveLotMethod', () => {
  it('is for sales after both positions, and changes nothing when it is the same again', async () => {
    await using db = await openTestDatabase();
    await migrate(db, directory);
    expect(await readLotMethod(db, 'ann')).toEqual({ method: 'fifo', sinceSequence: 0n });
    await saveLotMethod(db, 'ann', 'lifo');
    expect(await readLotMethod(db, 'ann')).toEqual({ method: 'lifo', sinceSequence: 0n });
    await db.query(`INSERT INTO platform.feed_position (name, sequence) VALUES ('ledger', 9), ('ledger.lots', 7)`);
    await saveLotMethod(db, 'ann', 'lifo');
    expect(await readLotMethod(db, 'ann')).toEqual({ method: 'lifo', sinceSequence: 0n });
    await saveLotMethod(db, 'ann', 'hifo');
    expect(await readLotMethod(db, 'ann')).toEqual({ method: 'hifo', sinceSequence: 9n });
    // No sale has met that change yet.
    await saveLotMethod(db, 'ann', 'fifo');
    const { rows } = await db.query('SELECT method, previous_method, since_sequence FROM lot_method');
    expect(rows).toEqual([{ method: 'fifo', previous_method: 'lifo', since_sequence: 9n }]);
  });

  it('waits for entries that are being applied by the method before, and is for those after them', async () => {
    await using db = await openTestDatabase();
    await migrate(db, directory);
    await db.query(`INSERT INTO platform.feed_position (name, sequence) VALUES ('ledger', 3), ('ledger.lots', 3)`);
    let saving: Promise<void> | undefined;
    await db.transaction(async (tx) => {
      await tx.query(`UPDATE platform.feed_position SET sequence = 8 WHERE name = 'ledger.lots'`);
      saving = saveLotMethod(db, 'ann', 'hifo');
      const isWaiting = async () => {
        const { rows } = await db.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return rows.length > 0;
      };
      while (!(await isWaiting()));
    });
    await saving;
    expect(await readLotMethod(db, 'ann')).toEqual({ method: 'hifo', sinceSequence: 8n });
  });
});
