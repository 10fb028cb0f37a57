import type { Sql } from '#platform/postgres/sql.ts';
import type { Contact } from '../domain/message.ts';

/**
 * Stores a contact in place of an older copy. A house account gets no messages: those that were written before it was known as one are
 * deleted, with its waiting deliveries.
 */
export async function upsertContact(sql: Sql, { accountId, email, displayName, house }: Contact): Promise<void> {
  await sql.query(
    `WITH saved AS (
       INSERT INTO contact (account_id, email, display_name, house) VALUES ($1, $2, $3, $4)
       ON CONFLICT (account_id) DO UPDATE
         SET email = excluded.email, display_name = excluded.display_name, house = excluded.house),
     messages AS (DELETE FROM message WHERE account_id = $1 AND $4)
     DELETE FROM delivery WHERE account_id = $1 AND state = 'waiting' AND $4`,
    [accountId, email, displayName, house],
  );
}
