/** Reads of what is recorded, for tests. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { CandleInterval } from '../domain/candle.ts';
import type { TimeRange } from '../domain/time-range.ts';
import { readCandles } from '../store/read-candles.ts';
import { readTrades } from '../store/read-trades.ts';

const ever: TimeRange = { fromMs: 0, untilMs: 9_999_999_999_999 };
const newest = { oldestFirst: false, limit: 100 };

/** The newest 100 trades of a symbol, newest first. */
export function tradesOf(sql: Sql, symbol: string) {
  const range = { from: { timeMs: ever.fromMs, id: 0n }, until: { timeMs: ever.untilMs, id: 0n } };
  return readTrades(sql, { symbols: [symbol], ...range, ...newest });
}

/** The newest 100 candles of a symbol, newest first. */
export function candlesOfLength(sql: Sql, symbol: string, interval: CandleInterval) {
  return readCandles(sql, { symbols: [symbol], interval, ...ever, ...newest });
}
