import type { Sql } from '#platform/postgres/sql.ts';
import type { Gain } from '../domain/book.ts';

/** At most `limit` gains of an account from before a sequence, newest first. */
export async function listGains(
  sql: Sql,
  options: { accountId: string; beforeSequence: bigint; limit: number },
): Promise<Gain[]> {
  const { rows } = await sql.query<{
    sequence: bigint;
    trade_id: string;
    symbol: string;
    quantity_micros: bigint;
    proceeds_micros: bigint;
    cost_micros: bigint;
    gain_micros: bigint;
    gain_time: Date;
  }>(
    `SELECT sequence, trade_id, symbol, quantity_micros, proceeds_micros, cost_micros, gain_micros, gain_time
     FROM realized_gain WHERE account_id = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3`,
    [options.accountId, options.beforeSequence, options.limit],
  );
  return rows.map((row) => ({
    accountId: options.accountId,
    sequence: row.sequence,
    timeMs: row.gain_time.getTime(),
    tradeId: row.trade_id,
    symbol: row.symbol,
    quantityMicros: row.quantity_micros,
    proceedsMicros: row.proceeds_micros,
    costMicros: row.cost_micros,
    gainMicros: row.gain_micros,
  }));
}
