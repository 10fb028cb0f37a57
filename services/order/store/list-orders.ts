import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** Which orders of an account to list. `beforeSequence` undefined: from the newest change. */
export type OrderFilter = {
  accountId: string;
  /** Empty: every symbol. */
  symbol: string;
  openOnly: boolean;
  beforeSequence: bigint | undefined;
};

/** Orders by change, newest first, at most `limit`. */
export async function listOrders(db: Sql, filter: OrderFilter, limit: number): Promise<Order[]> {
  const conditions = ['account_id = $1'];
  const values: unknown[] = [filter.accountId, limit];
  if (filter.openOnly) conditions.push(`state NOT IN ('filled', 'cancelled', 'rejected')`);
  if (filter.symbol !== '') conditions.push(`symbol = $${values.push(filter.symbol)}`);
  if (filter.beforeSequence !== undefined) conditions.push(`change_sequence < $${values.push(filter.beforeSequence)}`);
  const { rows } = await db.query<OrderRow>(
    `SELECT * FROM orders WHERE ${conditions.join(' AND ')} ORDER BY change_sequence DESC LIMIT $2`,
    values,
  );
  return rows.map(fromOrderRow);
}
