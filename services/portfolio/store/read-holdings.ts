import type { Sql } from '#platform/postgres/sql.ts';
import type { Holdings } from '../domain/valuation.ts';
import { ledgerFeed } from './ledger-position.ts';

/** What an account owns; one statement, so cash, positions and feed position fit each other. */
export async function readHoldings(sql: Sql, accountId: string): Promise<Holdings> {
  const { rows } = await sql.query<{
    sequence: bigint | null;
    cash_micros: bigint | null;
    symbol: string | null;
    quantity_micros: bigint;
    cost_micros: bigint;
    realized_micros: bigint;
  }>(
    `SELECT (SELECT sequence FROM platform.feed_position WHERE name = $2) AS sequence,
       (SELECT amount_micros FROM cash WHERE account_id = $1) AS cash_micros,
       p.symbol, p.quantity_micros, p.cost_micros, p.realized_micros
     FROM (VALUES (1)) AS one LEFT JOIN position p ON p.account_id = $1
     ORDER BY p.symbol COLLATE "C"`,
    [accountId, ledgerFeed],
  );
  const positions: Holdings['positions'] = [];
  for (const row of rows) {
    if (row.symbol === null) continue;
    positions.push({
      symbol: row.symbol,
      quantityMicros: row.quantity_micros,
      costMicros: row.cost_micros,
      realizedMicros: row.realized_micros,
    });
  }
  return { sequence: rows[0]?.sequence ?? 0n, cashMicros: rows[0]?.cash_micros ?? 0n, positions };
}
