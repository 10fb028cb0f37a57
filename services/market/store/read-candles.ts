import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Candle, type CandleInterval, intervalMs } from '../domain/candle.ts';
import type { TimeRange } from '../domain/time-range.ts';
import { type CandleRow, candleOfRow } from './candle-row.ts';

/** Which candles: those that start within the range. */
export type CandleQuery = TimeRange & {
  symbols: readonly string[];
  interval: CandleInterval;
  oldestFirst: boolean;
  limit: number;
};

const statementIn = (order: 'ASC' | 'DESC') => `
  SELECT c.* FROM unnest($1::text[]) WITH ORDINALITY AS s (symbol, place)
  CROSS JOIN LATERAL (SELECT * FROM candle
    WHERE candle.symbol = s.symbol AND interval_ms = $2 AND start_ms >= $3 AND start_ms < $4
    ORDER BY start_ms ${order} LIMIT $5) AS c
  ORDER BY s.place, c.start_ms ${order} LIMIT $5`;
const oldestFirstStatement = statementIn('ASC');
const newestFirstStatement = statementIn('DESC');

/** Candles of one length, symbol by symbol in the order given, and of a symbol by start; at most `limit` in all. */
export async function readCandles(sql: Sql, query: CandleQuery): Promise<Candle[]> {
  const { symbols, interval, fromMs, untilMs, oldestFirst, limit } = query;
  const { rows } = await sql.query<CandleRow>(oldestFirst ? oldestFirstStatement : newestFirstStatement, [
    textArray(symbols),
    intervalMs[interval],
    fromMs,
    untilMs,
    limit,
  ]);
  return rows.map(candleOfRow);
}
