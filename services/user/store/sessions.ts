import type { Sql } from '#platform/postgres/database.ts';

/** Opens a session. */
export async function insertSession(
  tx: Sql,
  options: { sessionId: string; accountId: string; expireTime: Date },
): Promise<void> {
  await tx.query('INSERT INTO session (session_id, account_id, expire_time) VALUES ($1, $2, $3)', [
    options.sessionId,
    options.accountId,
    options.expireTime,
  ]);
}

/** Whether a session of the account is neither ended nor expired. */
export async function isSessionLive(sql: Sql, options: { accountId: string; sessionId: string }): Promise<boolean> {
  const { rowCount } = await sql.query(
    `SELECT FROM session
     WHERE session_id = $2 AND account_id = $1 AND end_time IS NULL AND expire_time > now()`,
    [options.accountId, options.sessionId],
  );
  return rowCount === 1;
}

/** A session that can be used. */
export type LiveSession = { sessionId: string; createTime: Date; expireTime: Date };

/** At most `limit` sessions of an account before `beforeId` that are neither ended nor expired, newest first. */
export async function listLiveSessions(
  sql: Sql,
  options: { accountId: string; beforeId: string; limit: number },
): Promise<LiveSession[]> {
  const { rows } = await sql.query<{ session_id: string; create_time: Date; expire_time: Date }>(
    `SELECT session_id, create_time, expire_time FROM session
     WHERE account_id = $1 AND session_id < $2 AND end_time IS NULL AND expire_time > now()
     ORDER BY session_id DESC LIMIT $3`,
    [options.accountId, options.beforeId, options.limit],
  );
  return rows.map((row) => ({ sessionId: row.session_id, createTime: row.create_time, expireTime: row.expire_time }));
}

/** Ends the oldest live sessions of an account that are over `sessionsMax`. */
export async function endSessionsOverLimit(tx: Sql, accountId: string, sessionsMax: number): Promise<void> {
  await tx.query(
    `UPDATE session SET end_time = now() WHERE session_id IN (
       SELECT session_id FROM session
       WHERE account_id = $1 AND end_time IS NULL ORDER BY session_id DESC OFFSET $2)`,
    [accountId, sessionsMax],
  );
}

/** Moves the end of a session that is used. */
export async function extendSession(tx: Sql, sessionId: string, expireTime: Date): Promise<void> {
  await tx.query('UPDATE session SET expire_time = $2 WHERE session_id = $1', [sessionId, expireTime]);
}

/** Ends one session of an account; an ended or unknown one stays as it is. */
export async function endSession(sql: Sql, options: { accountId: string; sessionId: string }): Promise<void> {
  await sql.query(
    'UPDATE session SET end_time = now() WHERE session_id = $2 AND account_id = $1 AND end_time IS NULL',
    [options.accountId, options.sessionId],
  );
}

/** Ends every live session of an account but `exceptId`; how many. */
export async function endSessions(sql: Sql, accountId: string, exceptId?: string): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE session SET end_time = now()
     WHERE account_id = $1 AND end_time IS NULL AND expire_time > now() AND session_id IS DISTINCT FROM $2::uuid`,
    [accountId, exceptId],
  );
  return rowCount;
}

/** Removes at most `limit` sessions, with their tokens, that expired more than a day ago; how many. */
export async function pruneSessions(sql: Sql, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM session WHERE session_id IN (
       SELECT session_id FROM session
       WHERE expire_time < now() - interval '1 day' ORDER BY expire_time LIMIT $1)`,
    [limit],
  );
  return rowCount;
}
