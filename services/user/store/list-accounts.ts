import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';

/** At most `limit` accounts whose id lies past `afterId`, by id, which is by time of registration. */
export async function listAccounts(sql: Sql, options: { afterId: string; limit: number }): Promise<Account[]> {
  const { rows } = await sql.query<AccountRow>(
    `SELECT ${accountColumns} FROM account WHERE account_id > $1 ORDER BY account_id LIMIT $2`,
    [options.afterId, options.limit],
  );
  return rows.map(toAccount);
}
