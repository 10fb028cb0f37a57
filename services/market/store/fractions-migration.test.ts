import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { migrateBefore } from '#platform/testing/older-schema.ts';

const directory = new URL('./migrations/', import.meta.url);

async function lotsAfter(fill: string): Promise<string[]> {
  await using db = await openTestDatabase();
  await migrateBefore(db, directory, '0004-fractions.sql');
  await db.query(fill);
  await migrate(db, directory);
  const { rows } = await db.query<{ text: string }>(
    `SELECT lot_size || ' ' || count(*) AS text FROM instrument GROUP BY lot_size ORDER BY lot_size`,
  );
  return rows.map(({ text }) => text);
}

describe('migration fractions', () => {
  it('gives the first instruments of a market that has not begun small lots, and leaves the lots of one that has', async () => {
    expect(await lotsAfter('SELECT 1')).toEqual(['100 14', '1000000 2']);
    const traded = ['10000 1', '1000000 13'];
    expect(await lotsAfter(`INSERT INTO candle VALUES ('ACME', 60000, 0, 1, 1, 1, 1, 1, 1)`)).toEqual(traded);
    const followed = `INSERT INTO platform.feed_position (name, sequence) VALUES ('exchange.0', 7)`;
    expect(await lotsAfter(followed)).toEqual(traded);
  });

  it('takes an instrument whose tick of a lot is a millionth, and none whose is less', async () => {
    await using db = await openTestDatabase();
    await migrate(db, directory);
    const insert = (symbol: string, lot: number) =>
      db.query(
        `INSERT INTO instrument (symbol, name, sector, tick_size, lot_size, currency, band_bps, reference_price)
         VALUES ($1, 'Any', '', 10000, $2, 'USD', 0, 10000)`,
        [symbol, lot],
      );
    await insert('SMALL', 100);
    await expect(insert('LESS', 50)).rejects.toThrow('tick_of_lot_is_whole');
  });
});
