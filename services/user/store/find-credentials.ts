import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';

/** An account that can log in, with what its password is verified against. */
export type Credentials = { account: Account; passwordHash: string };

/** Finds credentials by normalised address or by account id. */
export async function findCredentials(
  sql: Sql,
  by: { email: string } | { accountId: string },
): Promise<Credentials | undefined> {
  const [column, value] = 'email' in by ? ['email', by.email] : ['account_id', by.accountId];
  const { rows } = await sql.query<AccountRow & { password_hash: string }>(
    `SELECT ${accountColumns}, password_hash FROM account WHERE ${column} = $1 AND password_hash IS NOT NULL`,
    [value],
  );
  return rows[0] && { account: toAccount(rows[0]), passwordHash: rows[0].password_hash };
}

/** Whether `passwordHash` is still the account's; if so it stays so until the transaction ends. */
export async function holdCredentials(tx: Sql, accountId: string, passwordHash: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM account WHERE account_id = $1 AND password_hash = $2 FOR SHARE', [
    accountId,
    passwordHash,
  ]);
  return rowCount === 1;
}
