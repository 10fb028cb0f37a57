import type { Sql } from '#platform/postgres/sql.ts';
import { type BalanceKey, balanceKeyText } from '../domain/balance-sheet.ts';

/** Millionths of a share that the open buys of each account and symbol would still bring in, by `balanceKeyText`. */
export async function readIncomingShares(tx: Sql, keys: readonly BalanceKey[]): Promise<Map<string, bigint>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<{ accountId: string; asset: string; micros: string }>(
    `SELECT account_id AS "accountId", symbol AS asset, sum((
         CASE amend_state WHEN 'pending' THEN greatest(lots, amend_lots) ELSE lots END - filled_lots) * lot_micros)::text AS micros
     FROM hold JOIN (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) AS key (account_id, symbol)) AS wanted
       USING (account_id, symbol)
     WHERE state = 'open' AND side = 'buy'
     GROUP BY account_id, symbol`,
    [keys.map(({ accountId }) => accountId), keys.map(({ asset }) => asset)],
  );
  return new Map(rows.map((row) => [balanceKeyText(row), BigInt(row.micros)]));
}
