import type { Sql } from '#platform/postgres/sql.ts';
import type { Balance } from '../domain/balance-sheet.ts';

const balancesMax = 10_000;

/** All balances of an account, by asset; at most 10,000, which is more than there are instruments. */
export async function listBalances(sql: Sql, accountId: string): Promise<Balance[]> {
  const { rows } = await sql.query<Balance>(
    `SELECT account_id AS "accountId", asset, available, held FROM balance WHERE account_id = $1
     ORDER BY asset LIMIT ${balancesMax}`,
    [accountId],
  );
  return rows;
}
