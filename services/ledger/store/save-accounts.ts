import type { Sql } from '#platform/postgres/sql.ts';
import type { Account } from '../domain/account.ts';

/** Stores copies of accounts; one that is older than the stored copy changes nothing. */
export async function saveAccounts(sql: Sql, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  await sql.query(
    `INSERT INTO account (account_id, version, state, house, transfer_max_micros)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::boolean[], $5::bigint[]) AS fresh (account_id)
     ORDER BY account_id
     ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, state = excluded.state, house = excluded.house,
       transfer_max_micros = excluded.transfer_max_micros
     WHERE account.version < excluded.version`,
    [
      accounts.map(({ accountId }) => accountId),
      accounts.map(({ version }) => version),
      accounts.map(({ state }) => state),
      accounts.map(({ house }) => house),
      accounts.map(({ transferMaxMicros }) => transferMaxMicros ?? null),
    ],
  );
}
