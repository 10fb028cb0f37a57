import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { migrateBefore } from '#platform/testing/older-schema.ts';

const directory = new URL('./migrations/', import.meta.url);

async function breakersAfter(fill: string): Promise<string[]> {
  await using db = await openTestDatabase();
  await migrateBefore(db, directory, '0007-breakers.sql');
  await db.query(fill);
  await migrate(db, directory);
  const { rows } = await db.query<{ text: string }>(
    `SELECT concat_ws(' ', breaker_bps, breaker_halt_ms, breaker_auction_ms, count(*)) AS text
     FROM instrument GROUP BY breaker_bps, breaker_halt_ms, breaker_auction_ms`,
  );
  return rows.map(({ text }) => text);
}

describe('migration breakers', () => {
  it('gives the first instruments of a market that has not begun a breaker, and those of one that has none', async () => {
    expect(await breakersAfter('SELECT 1')).toEqual(['1000 60000 60000 16']);
    expect(await breakersAfter(`INSERT INTO candle VALUES ('ACME', 60000, 0, 1, 1, 1, 1, 1, 1)`)).toEqual(['0 0 0 16']);
    const followed = `INSERT INTO platform.feed_position (name, sequence) VALUES ('exchange.0', 7)`;
    expect(await breakersAfter(followed)).toEqual(['0 0 0 16']);
  });

  it('takes what an older release stores, and no breaker without its times', async () => {
    await using db = await openTestDatabase();
    await migrate(db, directory);
    await db.query(
      `INSERT INTO instrument (symbol, name, sector, tick_size, lot_size, currency, band_bps, reference_price, calendar)
       VALUES ('OLDER', 'Any', '', 10000, 100, 'USD', 0, 10000, '24x7')`,
    );
    for (const changes of ['breaker_bps = 500', 'breaker_halt_ms = 1, breaker_auction_ms = 1']) {
      await expect(db.query(`UPDATE instrument SET ${changes} WHERE symbol = 'OLDER'`)).rejects.toThrow(
        'breaker_has_times',
      );
    }
  });
});
