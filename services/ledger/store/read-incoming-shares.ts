import type { Sql } from '#platform/postgres/sql.ts';
import { type BalanceKey, balanceKeyText } from '../domain/balance-sheet.ts';

/** Millionths of a share that the open buys of each account and symbol would still bring in, by `balanceKeyText`; of two exits of a list the more. */
export async function readIncomingShares(tx: Sql, keys: readonly BalanceKey[]): Promise<Map<string, bigint>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<{ accountId: string; asset: string; micros: string }>(
    `SELECT account_id AS "accountId", symbol AS asset, sum(micros)::text AS micros
     FROM (
       SELECT account_id, symbol, max((
         CASE WHEN amend_state = 'pending' AND coalesce(list_role, 0) = 0 THEN greatest(lots, amend_lots) ELSE lots END
           + coalesce(coming_lots, 0) - filled_lots
       ) * lot_micros) AS micros
       FROM hold JOIN (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) AS key (account_id, symbol)) AS wanted
         USING (account_id, symbol)
       WHERE state = 'open' AND side = 'buy'
       GROUP BY account_id, symbol, coalesce(list_id, order_id)
     ) AS bought
     GROUP BY account_id, symbol`,
    [keys.map(({ accountId }) => accountId), keys.map(({ asset }) => asset)],
  );
  return new Map(rows.map((row) => [balanceKeyText(row), BigInt(row.micros)]));
}
