import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** One order at the cut, with what was filled at or before it. */
export type OpenAt = {
  order: Order;
  filledLots: bigint;
  makerValueMicros: bigint;
  takerValueMicros: bigint;
  /** Whether the exchange had not accepted it by the cut: its hold may stand or not. */
  pending: boolean;
};

/** Which orders to read. */
export type OpenAtFilter = {
  /** The cut: a position of each shard's feed, which must have been applied. */
  positions: Map<number, bigint>;
  /** Orders that were compensated after this time count as pending. */
  compensatedAfterMs: number;
  /** Only orders with a greater id. */
  afterOrderId: string;
  limit: number;
};

type Row = OrderRow & { lots_at: bigint; maker_at: bigint; taker_at: bigint; pending: boolean };

// An order is final at the cut when the feed ended it at or before the cut. An order compensated before any feed event has no feed position:
// it is read as pending for a while, as its hold may have stood at the cut. One that was refused before its hold is not read. Fills
// and positions at or before the cut do not change once the feed was applied that far, so pages need no common snapshot. Each branch of
// `found` has its index.
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
     WHERE compensated AND final_position IS NULL AND update_time > $5 AND order_id > $3
       AND shard = ANY ($1)
     ORDER BY order_id LIMIT $4)
  ),
  page AS (
    SELECT o.*, cut.position, (o.accepted_position IS NULL OR o.accepted_position > cut.position) AS pending
    FROM found JOIN orders AS o USING (order_id) JOIN cut USING (shard)
    ORDER BY order_id LIMIT $4
  )
  SELECT page.*, coalesce(f.lots, 0)::bigint AS lots_at, coalesce(f.maker, 0)::bigint AS maker_at,
    coalesce(f.taker, 0)::bigint AS taker_at
  FROM page LEFT JOIN LATERAL (
    SELECT sum(lots) AS lots, sum(value_micros) FILTER (WHERE maker) AS maker, sum(value_micros) FILTER (WHERE NOT maker) AS taker
    FROM fills WHERE fills.order_id = page.order_id AND fills.feed_sequence <= page.position
  ) AS f ON true
  ORDER BY page.order_id`;

/** Orders that were not final at the cut, by id. */
export async function readOpenAt(db: Sql, filter: OpenAtFilter): Promise<OpenAt[]> {
  const { positions, afterOrderId, limit, compensatedAfterMs } = filter;
  const values = [[...positions.keys()], [...positions.values()], afterOrderId, limit, new Date(compensatedAfterMs)];
  const { rows } = await db.query<Row>(readSql, values);
  return rows.map((row) => ({
    order: fromOrderRow(row),
    filledLots: row.lots_at,
    makerValueMicros: row.maker_at,
    takerValueMicros: row.taker_at,
    pending: row.pending,
  }));
}
