import type { Sql } from '#platform/postgres/sql.ts';

/** Which orders to delete. */
export type HouseOrderFilter = {
  /** Only those that changed last before this time. */
  updatedBeforeMs: number;
  /** At most so many. */
  limit: number;
};

const deleteSql = `
  WITH due AS (
    SELECT order_id, list_id FROM orders
    WHERE house AND state IN ('filled', 'cancelled', 'rejected') AND update_time < $1
    ORDER BY update_time LIMIT $2 FOR UPDATE SKIP LOCKED
  ), fill AS (
    DELETE FROM fills USING due WHERE fills.order_id = due.order_id
  ), list AS (
    DELETE FROM order_lists USING due WHERE order_lists.list_id = due.list_id
  )
  DELETE FROM orders USING due WHERE orders.order_id = due.order_id`;

/** Deletes final orders of house accounts with their fills and returns their number. */
export async function deleteHouseOrders(db: Sql, { updatedBeforeMs, limit }: HouseOrderFilter): Promise<number> {
  return (await db.query(deleteSql, [new Date(updatedBeforeMs), limit])).rowCount;
}
