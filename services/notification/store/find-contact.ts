import type { Sql } from '#platform/postgres/sql.ts';
import type { Contact } from '../domain/message.ts';

type Row = { account_id: string; email: string; display_name: string; house: boolean };

/** The copy of a person's contact; undefined when there is none. */
export async function findContact(sql: Sql, accountId: string): Promise<Contact | undefined> {
  const { rows } = await sql.query<Row>(
    'SELECT account_id, email, display_name, house FROM contact WHERE account_id = $1',
    [accountId],
  );
  const row = rows[0];
  return row && { accountId: row.account_id, email: row.email, displayName: row.display_name, house: row.house };
}
