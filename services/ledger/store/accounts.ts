import type { Sql } from '#platform/postgres/sql.ts';
import type { Account, AccountState } from '../domain/account.ts';

type AccountRow = {
  account_id: string;
  version: bigint;
  state: AccountState;
  house: boolean;
  transfer_max_cents: bigint | null;
};

/** The copies of the accounts, by id; unknown ones are left out. */
export async function readAccounts(sql: Sql, accountIds: readonly string[]): Promise<Map<string, Account>> {
  const { rows } = await sql.query<AccountRow>(
    'SELECT account_id, version, state, house, transfer_max_cents FROM account WHERE account_id = ANY($1::uuid[])',
    [accountIds],
    { prepare: true },
  );
  return new Map(rows.map((row) => [row.account_id, toAccount(row)]));
}

/** Stores copies of accounts; one that is older than the stored copy changes nothing. */
export async function saveAccounts(sql: Sql, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  await sql.query(
    `INSERT INTO account (account_id, version, state, house, transfer_max_cents)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::boolean[], $5::bigint[]) AS fresh (account_id)
     ORDER BY account_id
     ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, state = excluded.state, house = excluded.house,
       transfer_max_cents = excluded.transfer_max_cents
     WHERE account.version < excluded.version`,
    [
      accounts.map(({ accountId }) => accountId),
      accounts.map(({ version }) => version),
      accounts.map(({ state }) => state),
      accounts.map(({ house }) => house),
      accounts.map(({ transferMaxCents }) => transferMaxCents ?? null),
    ],
  );
}

function toAccount(row: AccountRow): Account {
  return {
    accountId: row.account_id,
    version: row.version,
    state: row.state,
    house: row.house,
    transferMaxCents: row.transfer_max_cents ?? undefined,
  };
}
