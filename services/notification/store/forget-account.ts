import type { Sql } from '#platform/postgres/sql.ts';

/** Removes all messages and waiting deliveries of an account: of a house account that was not known as one yet. */
export async function forgetAccount(sql: Sql, accountId: string): Promise<void> {
  await sql.query(
    `WITH gone AS (DELETE FROM message WHERE account_id = $1)
     DELETE FROM delivery WHERE account_id = $1 AND state = 'waiting'`,
    [accountId],
  );
}
