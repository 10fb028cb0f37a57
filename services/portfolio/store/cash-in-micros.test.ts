import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import {
  auditedInCents,
  countedInMicros,
  migrateBefore,
  readDigests,
  readTables,
} from '#platform/testing/older-schema.ts';
import { auditedTables } from './audited-tables.ts';
import { readHoldings } from './read-holdings.ts';

const directory = new URL('./migrations/', import.meta.url);
const tables = ['cash', 'position', 'realized_gain'];
const { realized_gain } = auditedTables;

describe('migration cash-in-micros', () => {
  it('turns each cent of cash, costs and gains into ten thousand millionths, and leaves what was sealed as it was', async () => {
    await using db = await openTestDatabase();
    await migrateBefore(db, directory, '0005-cash-in-micros.sql');
    await db.query(`
      INSERT INTO cash VALUES ('ann', 8538), ('bob', -3);
      INSERT INTO position VALUES ('ann', 'ACME', 4000000, 361, 0), ('bob', 'ACME', 0, 0, -359);
      INSERT INTO realized_gain VALUES ('bob', 3, '0-1', 'ACME', 4000000, 359, 718, -359, now()), ('bob', 1003, '0-2', 'ACME', 1, 1, 0, 1, now())`);
    const before = await readTables(db, tables);
    const sealed = await readDigests(db, { realized_gain: auditedInCents(realized_gain) });
    await migrate(db, directory);
    expect(await readTables(db, tables)).toEqual(countedInMicros(before));
    expect(await readDigests(db, { realized_gain })).toEqual(sealed);
    expect(await readHoldings(db, 'ann')).toMatchObject({
      cashMicros: 85_380_000n,
      positions: [{ symbol: 'ACME', quantityMicros: 4_000_000n, costMicros: 3_610_000n, realizedMicros: 0n }],
    });
  });
});
