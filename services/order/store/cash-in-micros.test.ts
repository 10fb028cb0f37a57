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
import { readTradingConditions } from './read-trading-conditions.ts';

const directory = new URL('./migrations/', import.meta.url);
const tables = ['accounts', 'conditions', 'orders', 'fills'];
const { orders, fills } = auditedTables;
const account = '018f0000-aaaa-7000-8000-000000000001';
const other = '018f0000-aaaa-7000-8000-000000000002';
const idOf = (number: number) => `018f0000-bbbb-7000-8000-00000000000${number}`;

const orderOf = (number: number, values: string) =>
  `('${idOf(number)}', '${account}', 'c${number}', 'f', ${values}, now(), now())`;

const rows = `
  INSERT INTO accounts (account_id, open_count, open_notional_cents) VALUES ('${account}', 1, 600), ('${other}', 0, 0);
  INSERT INTO conditions VALUES ('${account}', 3, 'active', false, 2, 5, 1000000, NULL, 100, 50, -1, true),
    ('${other}', 1, 'active', true, 0, 0, NULL, 900000000000000000, 100, 50, -1, true);
  INSERT INTO orders (order_id, account_id, client_order_id, fingerprint, state, version, change_sequence, symbol, shard, side, type,
    time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros, tick_lot_cents, maker_bps, taker_bps,
    position_max_micros, filled_lots, maker_value_cents, taker_value_cents, fee_cents, cancel_requested, compensated, create_time, update_time)
  VALUES
    ${orderOf(1, `'open', 3, 4, 'ACME', 0, 'buy', 'limit', 'gtc', false, false, false, 10, 100, 10000, 1000000, 1, 10, 20, -1, 4, 360, 0, 1, false, false`)},
    ${orderOf(2, `'filled', 3, 5, 'ACME', 0, 'sell', 'market', 'ioc', false, true, false, 4, 90, 10000, 1000000, 1, 10, 20, -1, 4, 0, 360, 1, false, false`)};
  INSERT INTO fills VALUES
    ('0-1', '${idOf(1)}', '${account}', 3, 'ACME', 'buy', 4, 90, 10000, 1000000, 360, 1, true, 7, now()),
    ('0-1', '${idOf(2)}', '${account}', 2, 'ACME', 'sell', 4, 90, 10000, 1000000, 360, 1, false, 7, now())`;

describe('migration cash-in-micros', () => {
  it('turns each cent of orders, fills and limits into ten thousand millionths, and leaves what was sealed as it was', async () => {
    await using db = await openTestDatabase();
    await migrateBefore(db, directory, '0005-cash-in-micros.sql');
    await db.query(rows);
    const before = await readTables(db, tables);
    const sealed = await readDigests(db, { orders: auditedInCents(orders), fills: auditedInCents(fills) });
    await migrateBefore(db, directory, '0006');
    const { conditions = [], ...expected } = countedInMicros(before);
    // More than any account can have, as far as it can be counted.
    Object.assign(conditions[1] ?? {}, { open_notional_max_micros: `${10n ** 17n}` });
    expect(await readTables(db, tables)).toEqual({ ...expected, conditions });
    await migrate(db, directory);
    expect(await readDigests(db, { orders, fills })).toEqual(sealed);
    const { orderNotionalMaxMicros, openNotionalMaxMicros } =
      (await readTradingConditions(db, [account])).get(account) ?? {};
    expect([orderNotionalMaxMicros, openNotionalMaxMicros]).toEqual([10_000_000_000n, undefined]);
  });
});
