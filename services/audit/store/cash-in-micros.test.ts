import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { migrateBefore, readTables } from '#platform/testing/older-schema.ts';
import { loadBooks, loadOpenOrders } from '../passes/load-state.ts';

const directory = new URL('./migrations/', import.meta.url);
const order = '{"orderId":"o","lots":"10n","priceTicks":"100n","traded":{"maker":"360n","taker":"0n"}}';

describe('migration cash-in-micros', () => {
  it('counts in millionths what was proved of cash, changes nothing of shares and open orders, and leaves the seals', async () => {
    await using db = await openTestDatabase();
    await migrateBefore(db, directory, '0002-cash-in-micros.sql');
    await db.query(
      `INSERT INTO proved VALUES ('asset', 'ann/USD', '-1101'), ('asset', 'ann/ACME', '4000000'), ('cash', 'ann', '8538'),
         ('position', 'ann/ACME', '{"quantityMicros":"4000000n","costCents":"361n","realizedCents":"-359n"}'), ('order', 'o', $1)`,
      [order],
    );
    await db.query(`INSERT INTO seal (place, block, rows, digest, content) VALUES ('ledger hold', 'b', 1, 7, 'k\t7')`);
    const { seal } = await readTables(db, ['seal']);
    await migrate(db, directory);
    const { sums, holdings } = await loadBooks(db);
    expect(sums).toEqual(
      new Map([
        ['ann/ACME', 4_000_000n],
        ['ann/USD', -11_010_000n],
      ]),
    );
    expect(holdings.cash).toEqual(new Map([['ann', 85_380_000n]]));
    expect(holdings.positions).toEqual(
      new Map([['ann/ACME', { quantityMicros: 4_000_000n, costMicros: 3_610_000n, realizedMicros: -3_590_000n }]]),
    );
    expect((await loadOpenOrders(db)).get('o')).toMatchObject({ traded: { maker: 360n, taker: 0n } });
    expect((await readTables(db, ['seal'])).seal).toEqual(seal);
  });
});
