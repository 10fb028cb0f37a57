import { plainArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { PricePoint } from '../domain/price-watch.ts';

/** Stores the last trades of their books, in the transaction that moves the position of their feed. */
export async function saveLastTrades(tx: Sql, feed: string, trades: readonly PricePoint[]): Promise<void> {
  await tx.query(
    `INSERT INTO last_trade (symbol, sequence, epoch, price_ticks)
     SELECT symbol, sequence, (SELECT epoch FROM platform.feed_position WHERE name = $1), price_ticks
     FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS new (symbol, sequence, price_ticks)
     ON CONFLICT (symbol) DO UPDATE
       SET sequence = excluded.sequence, epoch = excluded.epoch, price_ticks = excluded.price_ticks`,
    [
      feed,
      plainArray(trades.map(({ symbol }) => symbol)),
      plainArray(trades.map(({ sequence }) => sequence)),
      plainArray(trades.map(({ priceTicks }) => priceTicks)),
    ],
  );
}

/** The last trade of a book in a history of its feed; undefined when there was none. */
export async function findLastTrade(sql: Sql, symbol: string, epoch: string): Promise<PricePoint | undefined> {
  const { rows } = await sql.query<PricePoint>(
    `SELECT symbol, sequence, price_ticks AS "priceTicks" FROM last_trade WHERE symbol = $1 AND epoch = $2`,
    [symbol, epoch],
  );
  return rows[0];
}
