import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredTrade } from './save-trades.ts';

/** A trade and its place in the list of its symbol. */
export type ListedTrade = StoredTrade & { id: bigint };

/** A place among the trades of a symbol: by time, and by the order of the feed within a millisecond. */
export type TradePlace = { timeMs: number; id: bigint };

/** From the place `from` on, and before `until`. */
export type TradeRange = { from: TradePlace; until: TradePlace };

/** Which trades. */
export type TradeQuery = TradeRange & { symbols: readonly string[]; oldestFirst: boolean; limit: number };

/** A row of the table. */
export type TradeRow = {
  symbol: string;
  id: bigint;
  sequence: bigint;
  trade_id: string;
  time_ms: bigint;
  price_ticks: bigint;
  quantity_lots: bigint;
  taker_side: Side;
};

const statementIn = (order: 'ASC' | 'DESC') => `
  SELECT t.* FROM unnest($1::text[]) WITH ORDINALITY AS s (symbol, place)
  CROSS JOIN LATERAL (SELECT * FROM trade
    WHERE trade.symbol = s.symbol AND (time_ms, id) >= ($2::bigint, $3::bigint) AND (time_ms, id) < ($4::bigint, $5::bigint)
    ORDER BY time_ms ${order}, id ${order} LIMIT $6) AS t
  ORDER BY s.place, t.time_ms ${order}, t.id ${order} LIMIT $6`;
const oldestFirstStatement = statementIn('ASC');
const newestFirstStatement = statementIn('DESC');

/** Trades, symbol by symbol in the order given, and of a symbol by place; at most `limit` in all. */
export async function readTrades(sql: Sql, query: TradeQuery): Promise<ListedTrade[]> {
  const { symbols, from, until, oldestFirst, limit } = query;
  const { rows } = await sql.query<TradeRow>(oldestFirst ? oldestFirstStatement : newestFirstStatement, [
    textArray(symbols),
    from.timeMs,
    from.id,
    until.timeMs,
    until.id,
    limit,
  ]);
  return rows.map((row) => ({ ...storedTradeOf(row), id: row.id }));
}

/** The trade of a row. */
export function storedTradeOf(row: TradeRow): StoredTrade {
  return {
    symbol: row.symbol,
    sequence: row.sequence,
    tradeId: row.trade_id,
    timeMs: Number(row.time_ms),
    priceTicks: row.price_ticks,
    quantityLots: row.quantity_lots,
    takerSide: row.taker_side,
  };
}
