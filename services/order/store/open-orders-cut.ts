import type { Sql } from '#platform/postgres/sql.ts';
import type { Order, Side } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** Which orders of an account are meant. An empty symbol stands for all, and so does an absent side. */
export type CutFilter = { accountId: string; symbol: string; side?: Side | undefined };

/** The orders of an account that are not final at one moment: all of them have an id up to `lastId`. */
export type OpenOrdersCut = CutFilter & { count: number; lastId: string };

// The account's open orders first, by their own index; there are 10,000 at most.
const openSql = `
  open AS MATERIALIZED (
    SELECT order_id FROM orders
    WHERE account_id = $1 AND state NOT IN ('filled', 'cancelled', 'rejected') AND ($2 = '' OR symbol = $2)
      AND ($3 = '' OR side = $3)
  )`;

const cutSql = `
  WITH ${openSql}
  SELECT count(*)::int AS count, (SELECT order_id FROM open ORDER BY order_id DESC LIMIT 1) AS last_id FROM open`;

const pageSql = `
  WITH ${openSql}, page AS MATERIALIZED (
    SELECT order_id FROM open WHERE order_id > $4 AND order_id <= $5 ORDER BY order_id LIMIT $6
  )
  SELECT o.* FROM page JOIN orders AS o ON o.order_id = page.order_id ORDER BY o.order_id`;

/** The cut of this moment; undefined when the account has nothing open. */
export async function readOpenOrdersCut(db: Sql, filter: CutFilter): Promise<OpenOrdersCut | undefined> {
  const { rows } = await db.query<{ count: number; last_id: string | null }>(cutSql, valuesOf(filter));
  const [row] = rows;
  return row?.last_id ? { ...filter, count: row.count, lastId: row.last_id } : undefined;
}

/** Orders of the cut that are still not final, past `afterId`, by id, at most `limit`. An id does not change, so no page misses one. */
export async function listOrdersOfCut(
  db: Sql,
  cut: OpenOrdersCut,
  { afterId, limit }: { afterId: string; limit: number },
): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>(pageSql, [...valuesOf(cut), afterId, cut.lastId, limit]);
  return rows.map(fromOrderRow);
}

function valuesOf({ accountId, symbol, side }: CutFilter): string[] {
  return [accountId, symbol, side ?? ''];
}
