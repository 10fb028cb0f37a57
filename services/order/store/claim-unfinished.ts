import type { Sql } from '#platform/postgres/database.ts';
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
 * Orders that are between two states, or open with a cancel to carry out, and that nobody has looked at for `ageMs`: the oldest
 * first. They count as looked at from now on, so replicas share the work and a stubborn order does not hold up the others.
 */
export async function claimUnfinished(db: Sql, ageMs: number, ordersMax: number): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>(claimSql, [ageMs, ordersMax]);
  return rows.map(fromOrderRow);
}
