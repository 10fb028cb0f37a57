import type { Sql } from '#platform/postgres/database.ts';

/** A refresh token as it is stored. */
export type StoredRefreshToken = {
  accountId: string;
  sessionId: string;
  used: boolean;
  sessionEnded: boolean;
  expireTime: Date;
};

/** Adds an unused token by its hash. */
export async function insertRefreshToken(
  tx: Sql,
  options: { tokenHash: Buffer; sessionId: string; expireTime: Date },
): Promise<void> {
  await tx.query('INSERT INTO refresh_token (token_hash, session_id, expire_time) VALUES ($1, $2, $3)', [
    options.tokenHash,
    options.sessionId,
    options.expireTime,
  ]);
}

/** Finds a token and locks it with its session: of two who present it at once, the second sees it used. */
export async function lockRefreshToken(tx: Sql, tokenHash: Buffer): Promise<StoredRefreshToken | undefined> {
  const { rows } = await tx.query<{
    account_id: string;
    session_id: string;
    use_time: Date | null;
    end_time: Date | null;
    expire_time: Date;
  }>(
    `SELECT s.account_id, s.session_id, t.use_time, s.end_time, t.expire_time
     FROM refresh_token t JOIN session s USING (session_id)
     WHERE t.token_hash = $1
     FOR UPDATE`,
    [tokenHash],
  );
  const row = rows[0];
  return (
    row && {
      accountId: row.account_id,
      sessionId: row.session_id,
      used: row.use_time !== null,
      sessionEnded: row.end_time !== null,
      expireTime: row.expire_time,
    }
  );
}

/** Marks a token as used. */
export async function useRefreshToken(tx: Sql, tokenHash: Buffer): Promise<void> {
  await tx.query('UPDATE refresh_token SET use_time = now() WHERE token_hash = $1', [tokenHash]);
}

/** Removes at most `limit` tokens that expired more than a day ago; how many. */
export async function pruneRefreshTokens(sql: Sql, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM refresh_token WHERE token_hash IN (
       SELECT token_hash FROM refresh_token
       WHERE expire_time < now() - interval '1 day' ORDER BY expire_time LIMIT $1)`,
    [limit],
  );
  return rowCount;
}
