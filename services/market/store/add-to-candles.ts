import type { Sql } from '#platform/postgres/sql.ts';
import { type Candle, intervalMs } from '../domain/candle.ts';

/** Adds parts of candles, each of another symbol, interval or start, to the stored candles. */
export async function addToCandles(tx: Sql, parts: readonly Candle[]): Promise<void> {
  await tx.query(
    `INSERT INTO candle AS stored
       (symbol, interval_ms, start_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume_lots, trade_count)
     SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
       $7::bigint[], $8::bigint[], $9::bigint[])
     ON CONFLICT (symbol, interval_ms, start_ms) DO UPDATE SET
       high_ticks = greatest(stored.high_ticks, excluded.high_ticks),
       low_ticks = least(stored.low_ticks, excluded.low_ticks),
       close_ticks = excluded.close_ticks,
       volume_lots = stored.volume_lots + excluded.volume_lots,
       trade_count = stored.trade_count + excluded.trade_count`,
    [
      parts.map(({ symbol }) => symbol),
      parts.map(({ interval }) => intervalMs[interval]),
      parts.map(({ startMs }) => startMs),
      parts.map(({ open }) => open),
      parts.map(({ high }) => high),
      parts.map(({ low }) => low),
      parts.map(({ close }) => close),
      parts.map(({ volumeLots }) => volumeLots),
      parts.map(({ tradeCount }) => tradeCount),
    ],
  );
}
