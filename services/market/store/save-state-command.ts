import type { Sql } from '#platform/postgres/sql.ts';

/** What an operator asked for under a key. `state` is a number of outcry.trading.v1.TradingState. */
export type StateCommand = { key: string; symbol: string; state: number };

/**
 * Stores what the key stands for and returns what it stood for first. Two statements: one that inserts or else selects would
 * return no row to the second of two at once.
 */
export async function saveStateCommand(sql: Sql, command: StateCommand): Promise<StateCommand> {
  const { key, symbol, state } = command;
  await sql.query('INSERT INTO state_command (key, symbol, state) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING', [
    key,
    symbol,
    state,
  ]);
  const { rows } = await sql.query<StateCommand>('SELECT key, symbol, state FROM state_command WHERE key = $1', [key]);
  return rows[0] ?? command;
}
