import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

const claimSql = `
  UPDATE orders AS o SET sweep_time = clock_timestamp()
  FROM (
    SELECT order_id FROM orders
    WHERE (state IN ('intent', 'submitting', 'compensating') OR (state = 'open' AND cancel_requested))
      AND sweep_time < clock_timestamp() - $1 * interval '1 ms'
    ORDER BY sweep_time LIMIT $2 FOR UPDATE SKIP LOCKED
  ) AS due
  WHERE o.order_id = due.order_id
  RETURNING o.*`;

/**
 * Claims orders that are pending, or open with a cancel to send, and that no replica has claimed for `ageMs`, the longest ago first. A
 * claim delays the next one by `ageMs`, so replicas share the work and one order that fails again and again does not delay the others.
 */
export async function claimUnfinished(db: Sql, ageMs: number, ordersMax: number): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>(claimSql, [ageMs, ordersMax]);
  return rows.map(fromOrderRow);
}
