import type { Sql } from '#platform/postgres/database.ts';

/**
 * The session that a refresh token was made for, if it belongs to the account of the normalised address. Used, ended and expired ones
 * count as well, until they are removed.
 */
export async function findKnownSession(
  sql: Sql,
  { tokenHash, email }: { tokenHash: Buffer; email: string },
): Promise<string | undefined> {
  const { rows } = await sql.query<{ session_id: string }>(
    `SELECT session_id FROM refresh_token JOIN session USING (session_id) JOIN account USING (account_id)
     WHERE token_hash = $1 AND email = $2`,
    [tokenHash, email],
  );
  return rows[0]?.session_id;
}
