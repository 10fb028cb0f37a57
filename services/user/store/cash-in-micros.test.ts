import { describe, expect, it } from 'vitest';
import { migrate } from '#platform/postgres/migrate.ts';
import { openTestDatabase } from '#platform/testing/database.ts';
import { countedInMicros, migrateBefore, readTables } from '#platform/testing/older-schema.ts';

const directory = new URL('./migrations/', import.meta.url);

describe('migration cash-in-micros', () => {
  it('turns each cent of a limit into ten thousand millionths, and no limit into none', async () => {
    await using db = await openTestDatabase();
    await migrateBefore(db, directory, '0006-cash-in-micros.sql');
    const columns = `account_id, display_name, house_name, roles, state, version, fee_plan_name, maker_bps, taker_bps,
      order_notional_max_cents, open_notional_max_cents, open_orders_max, orders_per_second_max, market_orders_permitted, transfer_amount_max_cents`;
    await db.query(
      `INSERT INTO account (${columns})
       SELECT gen_random_uuid(), 'A house', 'h' || n, '{}', 'active', 1, 'standard', 2, 5, most, NULL, 100, 50, true, most / 2
       FROM unnest($1::bigint[]) WITH ORDINALITY AS limits (most, n)`,
      [[null, 0n, 1n, 100_000_000n, 10n ** 18n]],
    );
    const before = await readTables(db, ['account']);
    await migrate(db, directory);
    const { account = [] } = countedInMicros(before);
    // More than any account can have, as far as it can be counted.
    const most = `${10n ** 17n}`;
    Object.assign(account[4] ?? {}, { order_notional_max_micros: most, transfer_amount_max_micros: most });
    expect((await readTables(db, ['account'])).account).toEqual(account);
  });
});
