import type { Sql } from '#platform/postgres/sql.ts';
import { type Candle, type CandleInterval, intervalMs } from '../domain/candle.ts';
import { type CandleRow, candleOfRow } from './candle-row.ts';

/** Candles of one symbol and length that start before `beforeMs` (undefined: from the newest), newest first. */
export async function readCandles(
  sql: Sql,
  options: { symbol: string; interval: CandleInterval; beforeMs: number | undefined; limit: number },
): Promise<Candle[]> {
  const { rows } = await sql.query<CandleRow>(
    `SELECT * FROM candle
     WHERE symbol = $1 AND interval_ms = $2 AND start_ms < coalesce($3::bigint, 9223372036854775807)
     ORDER BY start_ms DESC LIMIT $4`,
    [options.symbol, intervalMs[options.interval], options.beforeMs, options.limit],
  );
  return rows.map(candleOfRow);
}
