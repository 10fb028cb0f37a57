import type { Sql } from '#platform/postgres/sql.ts';
import type { BalanceSheet } from '../domain/balance-sheet.ts';

/** Writes the changed balances of a sheet, all of which this transaction has locked. Throws for one that has no row. */
export async function writeBalances(tx: Sql, sheet: BalanceSheet): Promise<void> {
  const changed = sheet.changed();
  if (changed.length === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE balance SET available = next.available, held = next.held
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) AS next (account_id, asset, available, held)
     WHERE balance.account_id = next.account_id AND balance.asset = next.asset`,
    [
      changed.map(({ accountId }) => accountId),
      changed.map(({ asset }) => asset),
      changed.map(({ available }) => available),
      changed.map(({ held }) => held),
    ],
  );
  if (rowCount !== changed.length) throw new Error('a balance was changed that was not locked');
}
