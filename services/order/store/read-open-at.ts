import type { Sql } from '#platform/postgres/database.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** One order at the cut, with what was filled at or before it. */
export type OpenAt = {
  order: Order;
  filledLots: bigint;
  makerValueCents: bigint;
  takerValueCents: bigint;
  /** Whether its hold may stand or not. */
  passing: boolean;
};

type Row = OrderRow & { lots_at: bigint; maker_at: bigint; taker_at: bigint; passing: boolean };

/** How long ago an order may have been compensated here and still have had its hold at the cut, in seconds. */
const compensatedAgeMaxSeconds = 60;

// An order is final at the cut when the feed ended it at or before the cut. One that was
// compensated without a word of the exchange has no position: it is told as passing for a while. One that was refused before
// a hold stood is not told at all. Fills and positions at or before the cut never change
// once the feed was applied that far, so pages need no common snapshot. Each branch of `found` has its index.
const readSql = `
  WITH cut AS (SELECT * FROM unnest($1::int[], $2::bigint[]) AS cut (shard, position)),
  found AS (
    (SELECT order_id FROM orders
     WHERE state NOT IN ('filled', 'cancelled', 'rejected') AND order_id > $3 AND shard = ANY ($1)
     ORDER BY order_id LIMIT $4)
    UNION
    (SELECT order_id FROM cut JOIN orders ON orders.shard = cut.shard AND orders.final_position > cut.position
     WHERE order_id > $3 ORDER BY order_id LIMIT $4)
    UNION
    (SELECT order_id FROM orders
     WHERE compensated AND final_position IS NULL AND update_time > now() - $5 * interval '1 s' AND order_id > $3
       AND shard = ANY ($1)
     ORDER BY order_id LIMIT $4)
  ),
  page AS (
    SELECT o.*, cut.position, (o.accepted_position IS NULL OR o.accepted_position > cut.position) AS passing
    FROM found JOIN orders AS o USING (order_id) JOIN cut USING (shard)
    ORDER BY order_id LIMIT $4
  )
  SELECT page.*, coalesce(f.lots, 0)::bigint AS lots_at, coalesce(f.maker, 0)::bigint AS maker_at,
    coalesce(f.taker, 0)::bigint AS taker_at
  FROM page LEFT JOIN LATERAL (
    SELECT sum(lots) AS lots, sum(value_cents) FILTER (WHERE maker) AS maker, sum(value_cents) FILTER (WHERE NOT maker) AS taker
    FROM fills WHERE fills.order_id = page.order_id AND fills.feed_sequence <= page.position
  ) AS f ON true
  ORDER BY page.order_id`;

/** Orders that were not final at the positions, by id after `afterOrderId`, at most `limit`. The positions must be applied. */
export async function readOpenAt(
  db: Sql,
  positions: Map<number, bigint>,
  afterOrderId: string,
  limit: number,
): Promise<OpenAt[]> {
  const values = [[...positions.keys()], [...positions.values()], afterOrderId, limit, compensatedAgeMaxSeconds];
  const { rows } = await db.query<Row>(readSql, values);
  return rows.map((row) => ({
    order: fromOrderRow(row),
    filledLots: row.lots_at,
    makerValueCents: row.maker_at,
    takerValueCents: row.taker_at,
    passing: row.passing,
  }));
}
