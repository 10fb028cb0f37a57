import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { CandleTrade } from '../domain/candle.ts';

/** A stored trade. */
export type StoredTrade = CandleTrade & { tradeId: string; takerSide: Side };

/** Stores trades in the order given, which is the feed's. */
export async function insertTrades(tx: Sql, trades: readonly StoredTrade[]): Promise<void> {
  await tx.query(
    `INSERT INTO trade (symbol, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side)
     SELECT symbol, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side
     FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[])
       WITH ORDINALITY AS t (symbol, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side, position)
     ORDER BY position`,
    [
      trades.map((trade) => trade.symbol),
      trades.map((trade) => trade.sequence),
      trades.map((trade) => trade.tradeId),
      trades.map((trade) => trade.timeMs),
      trades.map((trade) => trade.priceTicks),
      trades.map((trade) => trade.quantityLots),
      trades.map((trade) => trade.takerSide),
    ],
  );
}
