import type { Sql } from '#platform/postgres/sql.ts';
import { storedTradeOf, type TradeRow } from './read-trades.ts';
import type { StoredTrade } from './save-trades.ts';

/** Which trades: of the symbol, after a sequence of the current epoch; at most `limit`, 1 to 1,001. */
export type TradesSince = { symbol: string; afterSequence: bigint; limit: number };

/**
 * The trades after a sequence, oldest first; when there are more than `limit`, the newest of them. A symbol's ids rise with the feed, so rows
 * of an earlier epoch, whose sequences start anew in the next, lie behind all of this one: reading ends where sequences stop falling.
 */
export async function readTradesSince(sql: Sql, { symbol, afterSequence, limit }: TradesSince): Promise<StoredTrade[]> {
  const { rows } = await sql.query<TradeRow>('SELECT * FROM trade WHERE symbol = $1 ORDER BY id DESC LIMIT $2', [
    symbol,
    limit,
  ]);
  const end = rows.findIndex(({ sequence }, index) => {
    const newer = rows[index - 1]?.sequence;
    return sequence <= afterSequence || (newer !== undefined && sequence >= newer);
  });
  return rows
    .slice(0, end === -1 ? rows.length : end)
    .reverse()
    .map(storedTradeOf);
}
