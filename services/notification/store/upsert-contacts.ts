import type { Sql } from '#platform/postgres/sql.ts';
import type { Contact } from '../domain/message.ts';

/** Stores contacts, one of an account, in place of older copies. */
export async function upsertContacts(sql: Sql, contacts: readonly Contact[]): Promise<void> {
  // In one sequence of keys, so that two pages with the same accounts do not wait for each other.
  const sorted = contacts.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
  await sql.query(
    `INSERT INTO contact (account_id, email, display_name, house)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[])
     ON CONFLICT (account_id) DO UPDATE
       SET email = excluded.email, display_name = excluded.display_name, house = excluded.house`,
    [
      sorted.map(({ accountId }) => accountId),
      sorted.map(({ email }) => email),
      sorted.map(({ displayName }) => displayName),
      sorted.map(({ house }) => house),
    ],
  );
}
