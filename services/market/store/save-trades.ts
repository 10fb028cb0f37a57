import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Candle, type CandleTrade, intervalMs } from '../domain/candle.ts';

/** A stored trade. */
export type StoredTrade = CandleTrade & { tradeId: string; takerSide: Side };

/**
 * Stores trades in the order given, which is the feed's, and adds parts of candles, each of another symbol, interval or start, to the
 * stored ones: one statement.
 *
 * The transaction does not wait for the disk. Should the server lose it, the position in the feed is lost with it, as both are rows of one
 * database: the consumer begins at the older position and the exchange, whose journal has each trade, sends them again. No reader remembers
 * what was lost: the view takes what the store has, with the position up to which it has it, and prices come from the feed itself.
 */
export async function saveTrades(
  tx: Sql,
  trades: readonly StoredTrade[],
  candleParts: readonly Candle[],
): Promise<void> {
  await tx.query(
    `WITH stored_trades AS (
       INSERT INTO trade (symbol, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side)
       SELECT symbol, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side
       FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[])
         WITH ORDINALITY AS t (symbol, sequence, trade_id, time_ms, price_ticks, quantity_lots, taker_side, place)
       ORDER BY place
     ), stored_candles AS (
       INSERT INTO candle AS stored
         (symbol, interval_ms, start_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume_lots, trade_count, turnover, priced_lots)
       SELECT * FROM unnest($8::text[], $9::integer[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
         $14::bigint[], $15::bigint[], $16::bigint[], $17::numeric[], $18::bigint[])
       ON CONFLICT (symbol, interval_ms, start_ms) DO UPDATE SET
         high_ticks = greatest(stored.high_ticks, excluded.high_ticks),
         low_ticks = least(stored.low_ticks, excluded.low_ticks),
         close_ticks = excluded.close_ticks,
         volume_lots = stored.volume_lots + excluded.volume_lots,
         trade_count = stored.trade_count + excluded.trade_count,
         turnover = coalesce(stored.turnover, 0) + excluded.turnover,
         priced_lots = coalesce(stored.priced_lots, 0) + excluded.priced_lots
     )
     SELECT set_config('synchronous_commit', 'off', true)`,
    [...tradeColumns(trades), ...candleColumns(candleParts)],
  );
}

function tradeColumns(trades: readonly StoredTrade[]): string[] {
  return [
    textArray(trades.map(({ symbol }) => symbol)),
    plainArray(trades.map(({ sequence }) => sequence)),
    textArray(trades.map(({ tradeId }) => tradeId)),
    plainArray(trades.map(({ timeMs }) => timeMs)),
    plainArray(trades.map(({ priceTicks }) => priceTicks)),
    plainArray(trades.map(({ quantityLots }) => quantityLots)),
    plainArray(trades.map(({ takerSide }) => takerSide)),
  ];
}

function candleColumns(parts: readonly Candle[]): string[] {
  return [
    textArray(parts.map(({ symbol }) => symbol)),
    plainArray(parts.map(({ interval }) => intervalMs[interval])),
    plainArray(parts.map(({ startMs }) => startMs)),
    plainArray(parts.map(({ open }) => open)),
    plainArray(parts.map(({ high }) => high)),
    plainArray(parts.map(({ low }) => low)),
    plainArray(parts.map(({ close }) => close)),
    plainArray(parts.map(({ volumeLots }) => volumeLots)),
    plainArray(parts.map(({ tradeCount }) => tradeCount)),
    plainArray(parts.map(({ turnover }) => turnover)),
    plainArray(parts.map(({ pricedLots }) => pricedLots)),
  ];
}
