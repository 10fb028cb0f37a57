import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/**
 * What an operator asked for under a key. `auctionMs` says how long an auction precedes trading that is resumed, and is undefined for a halt.
 */
export type StateCommand = { key: string; symbol: string; state: TradingState; auctionMs: number | undefined };

/**
 * Stores what the key stands for; returns what it stood for first, and whether that is this command. Two statements: one that inserts or
 * else selects would return no row to the second of two at once.
 */
export async function saveStateCommand(
  sql: Sql,
  command: StateCommand,
): Promise<{ stored: StateCommand; isNew: boolean }> {
  const { key, symbol, state, auctionMs } = command;
  const { rowCount } = await sql.query(
    `INSERT INTO state_command (key, symbol, state, auction_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING`,
    [key, symbol, state, auctionMs],
  );
  if (rowCount === 1) return { stored: command, isNew: true };
  const { rows } = await sql.query<{ symbol: string; state: TradingState; auction_ms: bigint | null }>(
    'SELECT symbol, state, auction_ms FROM state_command WHERE key = $1',
    [key],
  );
  const [row] = rows;
  if (row === undefined) return { stored: command, isNew: false };
  const storedMs = row.auction_ms === null ? undefined : Number(row.auction_ms);
  return { stored: { key, symbol: row.symbol, state: row.state, auctionMs: storedMs }, isNew: false };
}
