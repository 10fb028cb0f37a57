import type { Sql } from '#platform/postgres/database.ts';

/** Forgets the salts of at most `limit` keys that were made before `beforeMs`, in Unix milliseconds; how many. */
export async function forgetSalts(sql: Sql, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE api_key SET repeat_salt = NULL WHERE key_id IN (
       SELECT key_id FROM api_key
       WHERE repeat_salt IS NOT NULL AND create_time < $1 ORDER BY create_time LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [new Date(beforeMs), limit],
  );
  return rowCount;
}

/** Removes at most `limit` keys that were revoked or expired before `beforeMs`, in Unix milliseconds; how many. */
export async function pruneApiKeys(sql: Sql, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM api_key WHERE key_id IN (
       SELECT key_id FROM api_key WHERE least(revoke_time, expire_time) < $1
       ORDER BY least(revoke_time, expire_time) LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [new Date(beforeMs), limit],
  );
  return rowCount;
}
