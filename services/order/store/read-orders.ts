import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** Orders by id, in the order asked for; undefined where there is none. */
export async function readOrders(db: Sql, orderIds: string[]): Promise<(Order | undefined)[]> {
  const { rows } = await db.query<OrderRow>('SELECT * FROM orders WHERE order_id = ANY ($1::uuid[])', [orderIds]);
  const found = new Map(rows.map((row) => [row.order_id, fromOrderRow(row)]));
  return orderIds.map((orderId) => found.get(orderId));
}
