import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** The orders of an account that are not final at one moment: all of them have an id up to `lastId`. An empty symbol stands for all. */
export type OpenOrdersCut = { accountId: string; symbol: string; count: number; lastId: string };

// The account's open orders first, by their own index; there are 10,000 at most.
const openSql = `
  open AS MATERIALIZED (
    SELECT order_id FROM orders
    WHERE account_id = $1 AND state NOT IN ('filled', 'cancelled', 'rejected') AND ($2 = '' OR symbol = $2)
  )`;

const cutSql = `
  WITH ${openSql}
  SELECT count(*)::int AS count, (SELECT order_id FROM open ORDER BY order_id DESC LIMIT 1) AS last_id FROM open`;

const pageSql = `
  WITH ${openSql}, page AS MATERIALIZED (
    SELECT order_id FROM open WHERE order_id > $3 AND order_id <= $4 ORDER BY order_id LIMIT $5
  )
  SELECT o.* FROM page JOIN orders AS o ON o.order_id = page.order_id ORDER BY o.order_id`;

/** The cut of this moment; undefined when the account has nothing open. */
export async function readOpenOrdersCut(
  db: Sql,
  { accountId, symbol }: Pick<OpenOrdersCut, 'accountId' | 'symbol'>,
): Promise<OpenOrdersCut | undefined> {
  const { rows } = await db.query<{ count: number; last_id: string | null }>(cutSql, [accountId, symbol]);
  const [row] = rows;
  return row?.last_id ? { accountId, symbol, count: row.count, lastId: row.last_id } : undefined;
}

/** Orders of the cut that are still not final, past `afterId`, by id, at most `limit`. An id does not change, so no page misses one. */
export async function listOrdersOfCut(
  db: Sql,
  { accountId, symbol, lastId }: OpenOrdersCut,
  { afterId, limit }: { afterId: string; limit: number },
): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>(pageSql, [accountId, symbol, afterId, lastId, limit]);
  return rows.map(fromOrderRow);
}
