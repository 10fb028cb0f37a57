import type { Sql } from '#platform/postgres/database.ts';

/** A refresh token as it is stored. */
export type StoredRefreshToken = {
  accountId: string;
  sessionId: string;
  /** Undefined: it was not used yet. */
  useTime: Date | undefined;
  /** What makes its successor; undefined when it has none, or none that is given again. */
  successorSalt: Buffer | undefined;
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

/**
 * Locks the session of a token, if there is one: of two who present tokens of a session at once, the second then reads what the first did.
 * A statement of its own, as one that waits for a lock reads other tables as they were before.
 */
export async function lockSessionOf(tx: Sql, tokenHash: Buffer): Promise<void> {
  await tx.query(
    'SELECT FROM session WHERE session_id = (SELECT session_id FROM refresh_token WHERE token_hash = $1) FOR UPDATE',
    [tokenHash],
  );
}

/** Finds a token with its session. */
export async function findRefreshToken(tx: Sql, tokenHash: Buffer): Promise<StoredRefreshToken | undefined> {
  const { rows } = await tx.query<{
    account_id: string;
    session_id: string;
    use_time: Date | null;
    end_time: Date | null;
    expire_time: Date;
    successor_salt: Buffer | null;
  }>(
    `SELECT s.account_id, s.session_id, t.use_time, s.end_time, t.expire_time, t.successor_salt
     FROM refresh_token t JOIN session s USING (session_id)
     WHERE t.token_hash = $1`,
    [tokenHash],
  );
  const row = rows[0];
  return (
    row && {
      accountId: row.account_id,
      sessionId: row.session_id,
      useTime: row.use_time ?? undefined,
      successorSalt: row.successor_salt ?? undefined,
      sessionEnded: row.end_time !== null,
      expireTime: row.expire_time,
    }
  );
}

/** Marks a token as used, with what makes its successor. */
export async function useRefreshToken(
  tx: Sql,
  { tokenHash, useTime, successorSalt }: { tokenHash: Buffer; useTime: Date; successorSalt: Buffer },
): Promise<void> {
  await tx.query('UPDATE refresh_token SET use_time = $2, successor_salt = $3 WHERE token_hash = $1', [
    tokenHash,
    useTime,
    successorSalt,
  ]);
}

/** Removes what makes the successors of the session's tokens that were used before. */
export async function forgetSuccessors(tx: Sql, sessionId: string, usedBefore: Date): Promise<void> {
  await tx.query(
    `UPDATE refresh_token SET successor_salt = NULL
     WHERE session_id = $1 AND use_time < $2 AND successor_salt IS NOT NULL`,
    [sessionId, usedBefore],
  );
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
