import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes the messages and the waiting deliveries of accounts that get none. */
export async function deleteMessagesOf(sql: Sql, accountIds: readonly string[]): Promise<void> {
  await sql.query(
    `WITH messages AS (DELETE FROM message WHERE account_id = ANY ($1::uuid[]))
     DELETE FROM delivery WHERE account_id = ANY ($1::uuid[]) AND state = 'waiting'`,
    [accountIds],
  );
}
