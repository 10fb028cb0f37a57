import type { Sql } from '#platform/postgres/sql.ts';
import type { Account, AccountState } from '../domain/account.ts';

type AccountRow = {
  account_id: string;
  version: bigint;
  state: AccountState;
  house: boolean;
  transfer_max_micros: bigint | null;
};

/** The copies of the accounts, by id; unknown ones are left out. */
export async function readAccounts(sql: Sql, accountIds: readonly string[]): Promise<Map<string, Account>> {
  const { rows } = await sql.query<AccountRow>(
    'SELECT account_id, version, state, house, transfer_max_micros FROM account WHERE account_id = ANY($1::uuid[])',
    [accountIds],
  );
  return new Map(rows.map((row) => [row.account_id, toAccount(row)]));
}

function toAccount(row: AccountRow): Account {
  return {
    accountId: row.account_id,
    version: row.version,
    state: row.state,
    house: row.house,
    transferMaxMicros: row.transfer_max_micros ?? undefined,
  };
}
