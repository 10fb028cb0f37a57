import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** A client_order_id of an account. */
export type OrderKey = Pick<Order, 'accountId' | 'clientOrderId'>;

const findSql = `
  SELECT o.* FROM orders AS o
  JOIN unnest($1::uuid[], $2::text[]) AS k (account_id, client_order_id)
    ON o.account_id = k.account_id AND o.client_order_id = k.client_order_id COLLATE "C"`;

/** The orders that were placed under these keys, in any order. */
export async function findOrdersByKey(db: Sql, keys: OrderKey[]): Promise<Order[]> {
  const values = [keys.map(({ accountId }) => accountId), keys.map(({ clientOrderId }) => clientOrderId)];
  const { rows } = await db.query<OrderRow>(findSql, values);
  return rows.map(fromOrderRow);
}
