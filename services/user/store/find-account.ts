import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';

/** The account of an id; `forUpdate` locks it until the transaction ends. */
export async function findAccount(
  sql: Sql,
  accountId: string,
  options: { forUpdate?: boolean } = {},
): Promise<Account | undefined> {
  const { rows } = await sql.query<AccountRow>(
    `SELECT ${accountColumns} FROM account WHERE account_id = $1 ${options.forUpdate ? 'FOR UPDATE' : ''}`,
    [accountId],
  );
  return rows[0] && toAccount(rows[0]);
}

/** The house account of a name. */
export async function findHouseAccount(sql: Sql, houseName: string): Promise<Account | undefined> {
  const { rows } = await sql.query<AccountRow>(`SELECT ${accountColumns} FROM account WHERE house_name = $1`, [
    houseName,
  ]);
  return rows[0] && toAccount(rows[0]);
}

/** Those of the ids that exist, in no stated order. */
export async function findAccounts(sql: Sql, accountIds: readonly string[]): Promise<Account[]> {
  const { rows } = await sql.query<AccountRow>(
    `SELECT ${accountColumns} FROM account WHERE account_id = ANY ($1::uuid[])`,
    [accountIds],
  );
  return rows.map(toAccount);
}
