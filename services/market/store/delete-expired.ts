import type { Sql } from '#platform/postgres/sql.ts';
import { type CandleInterval, candleIntervals, intervalMs } from '../domain/candle.ts';

const dayMs = 86_400_000;

/** How long trades are stored. */
export const tradeRetentionMs = 7 * dayMs;
/** How long quotes of the past are stored. */
export const pastQuoteRetentionMs = dayMs;
/** How long auctions are stored. */
export const auctionRetentionMs = 730 * dayMs;
/** How long candles of each length are stored. */
export const candleRetentionMs: Record<CandleInterval, number> = {
  '1s': dayMs,
  '1m': 30 * dayMs,
  '5m': 90 * dayMs,
  '1h': 730 * dayMs,
  '1d': 3_650 * dayMs,
};
/** How long an operator's key is stored. */
const stateCommandRetentionMs = 7 * dayMs;

/** The most rows that one statement deletes. */
export const deleteBatchMax = 5_000;

/** Deletes at most `deleteBatchMax` rows of each kind that are past their retention. Returns how many; 0 when there are no more. */
export async function deleteExpired(sql: Sql, nowMs: number): Promise<number> {
  let deleted = await deleteSome(sql, 'trade', 'time_ms < $1', [nowMs - tradeRetentionMs]);
  for (const interval of candleIntervals) {
    const cutoffMs = nowMs - candleRetentionMs[interval];
    // By symbol, so that the primary key finds the rows.
    const where = 'symbol IN (SELECT symbol FROM instrument) AND interval_ms = $2 AND start_ms < $1';
    deleted += await deleteSome(sql, 'candle', where, [cutoffMs, intervalMs[interval]]);
  }
  const isOldAuction = 'symbol IN (SELECT symbol FROM instrument) AND time_ms < $1';
  deleted += await deleteSome(sql, 'auction', isOldAuction, [nowMs - auctionRetentionMs]);
  const isOldQuote = 'symbol IN (SELECT symbol FROM instrument) AND second_ms < $1';
  deleted += await deleteSome(sql, 'past_quote', isOldQuote, [nowMs - pastQuoteRetentionMs]);
  // By the database's clock, which stamps them.
  const isOldKey = `create_time < now() - $1 * interval '1 ms'`;
  deleted += await deleteSome(sql, 'state_command', isOldKey, [stateCommandRetentionMs]);
  return deleted;
}

async function deleteSome(sql: Sql, table: string, where: string, values: unknown[]): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT ${deleteBatchMax}))`,
    values,
  );
  return rowCount;
}
