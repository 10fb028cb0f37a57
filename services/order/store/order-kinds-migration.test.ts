import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { migrateBefore } from '#platform/testing/older-schema.ts';
import { sampleOrder } from '../domain/testing/sample-order.ts';
import { insertOrders } from './insert-orders.ts';
import { readOrders } from './read-orders.ts';

const migrations = new URL('./migrations/', import.meta.url);

let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrateBefore(db, migrations, '0006-kinds-of-order.sql');
});
afterAll(() => db[Symbol.asyncDispose]());

/** As the release before stores an order. */
async function insertPlain(orderId: string): Promise<void> {
  await db.query(
    `INSERT INTO orders (order_id, account_id, client_order_id, fingerprint, state, version, change_sequence, symbol, shard, side,
       type, time_in_force, post_only, by_amount, house, quantity_lots, price_ticks, tick_micros, lot_micros, tick_lot_micros, maker_bps,
       taker_bps, position_max_micros, filled_lots, maker_value_micros, taker_value_micros, fee_micros, cancel_requested, compensated,
       create_time, update_time)
     VALUES ($1, $2, 'k', 'f', 'intent', 1, 1, 'ACME', 0, 'buy', 'limit', 'gtc', false, false, false, 5, 100, 10000, 1000000, 10000,
       1, 2, 0, 0, 0, 0, 0, false, false, now(), now())`,
    [orderId, uuidV7()],
  );
}

describe('migration 0006-kinds-of-order', () => {
  it('leaves plain orders as they are, takes those of the release before beside it, and other kinds', async () => {
    const [before, beside] = [uuidV7(), uuidV7()];
    await insertPlain(before);
    await migrate(db, migrations);
    await insertPlain(beside);
    const stop = sampleOrder({
      orderId: uuidV7(),
      accountId: uuidV7(),
      type: 'trailing-stop',
      specials: { trailBps: 150, selfTrade: 'decrement' },
    });
    await insertOrders(db, [stop]);
    const [old, next, special] = await readOrders(db, [before, beside, stop.orderId]);
    for (const plain of [old, next]) {
      expect(plain).toMatchObject({ type: 'limit', timeInForce: 'gtc', specials: undefined, triggerTimeMs: undefined });
    }
    expect(special).toEqual(stop);
    await expect(insertOrders(db, [{ ...stop, orderId: uuidV7(), type: 'other' as 'stop' }])).rejects.toThrow();
  });
});
