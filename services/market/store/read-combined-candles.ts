import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Candle, intervalMs } from '../domain/candle.ts';
import { firstSpanMs, spanMs } from '../domain/span.ts';
import { type CandleRow, candleOfRow } from './candle-row.ts';
import type { CandleQuery } from './read-candles.ts';

// A combined candle has at most `multiple` stored ones, so `limit` x `multiple` rows make so many whole candles, or all that there are. The
// rows stay in the database: only the sums leave it.
const statementIn = (order: 'ASC' | 'DESC') => `
  SELECT symbol, $2::integer AS interval_ms, span_start_ms AS start_ms,
    (array_agg(open_ticks ORDER BY start_ms))[1] AS open_ticks, max(high_ticks) AS high_ticks, min(low_ticks) AS low_ticks,
    (array_agg(close_ticks ORDER BY start_ms DESC))[1] AS close_ticks, sum(volume_lots)::bigint AS volume_lots,
    sum(trade_count)::bigint AS trade_count, sum(coalesce(turnover, 0)) AS turnover,
    sum(coalesce(priced_lots, 0))::bigint AS priced_lots
  FROM (
    SELECT s.place, c.*, c.start_ms - mod(c.start_ms - ${firstSpanMs}, $6::bigint) AS span_start_ms
    FROM unnest($1::text[]) WITH ORDINALITY AS s (symbol, place)
    CROSS JOIN LATERAL (SELECT * FROM candle
      WHERE candle.symbol = s.symbol AND interval_ms = $2 AND start_ms >= $3 AND start_ms < $4
      ORDER BY start_ms ${order} LIMIT $5) AS c
    ORDER BY s.place, c.start_ms ${order} LIMIT $5) AS stored
  GROUP BY place, symbol, span_start_ms
  ORDER BY place, span_start_ms ${order} LIMIT $7`;
const oldestFirstStatement = statementIn('ASC');
const newestFirstStatement = statementIn('DESC');

/** Candles of `multiple` intervals that begin within the range, whose bounds are starts of such candles; in the order of readCandles. */
export async function readCombinedCandles(sql: Sql, query: CandleQuery & { multiple: number }): Promise<Candle[]> {
  const { symbols, interval, multiple, fromMs, untilMs, oldestFirst, limit } = query;
  const { rows } = await sql.query<CandleRow>(oldestFirst ? oldestFirstStatement : newestFirstStatement, [
    textArray(symbols),
    intervalMs[interval],
    fromMs,
    untilMs,
    limit * multiple,
    spanMs({ interval, multiple }),
    limit,
  ]);
  return rows.map(candleOfRow);
}
