import type { Sql } from '#platform/postgres/database.ts';

const forgetSql = `
  WITH due AS (
    SELECT order_id FROM orders
    WHERE house AND state IN ('filled', 'cancelled', 'rejected') AND update_time < now() - $1 * interval '1 ms'
    ORDER BY update_time LIMIT $2 FOR UPDATE SKIP LOCKED
  ), fill AS (
    DELETE FROM fills USING due WHERE fills.order_id = due.order_id
  )
  DELETE FROM orders USING due WHERE orders.order_id = due.order_id`;

/** Forgets orders of house accounts that ended longer than `ageMs` ago, with their fills; at most `limit`. Returns how many. */
export async function forgetHouseOrders(db: Sql, ageMs: number, limit: number): Promise<number> {
  return (await db.query(forgetSql, [ageMs, limit])).rowCount;
}
