import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTrade } from './save-trades.ts';

/** A trade and its place in the list of its symbol. */
export type ListedTrade = StoredTrade & { id: bigint };

/** Trades of one symbol before `beforeId` (undefined: from the newest), newest first. */
export async function readTrades(
  sql: Sql,
  options: { symbol: string; beforeId: bigint | undefined; limit: number },
): Promise<ListedTrade[]> {
  const { rows } = await sql.query<{
    id: bigint;
    sequence: bigint;
    trade_id: string;
    time_ms: bigint;
    price_ticks: bigint;
    quantity_lots: bigint;
    taker_side: Side;
  }>(
    `SELECT id, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side FROM trade
     WHERE symbol = $1 AND id < coalesce($2::bigint, 9223372036854775807) ORDER BY id DESC LIMIT $3`,
    [options.symbol, options.beforeId, options.limit],
  );
  return rows.map((row) => ({
    symbol: options.symbol,
    id: row.id,
    sequence: row.sequence,
    tradeId: row.trade_id,
    timeMs: Number(row.time_ms),
    priceTicks: row.price_ticks,
    quantityLots: row.quantity_lots,
    takerSide: row.taker_side,
  }));
}
