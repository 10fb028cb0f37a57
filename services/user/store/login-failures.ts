import { createHash } from 'node:crypto';
import type { Sql } from '#platform/postgres/database.ts';
import { loginWindowMs } from '../domain/session.ts';

/** Wrong passwords for an address in its window. */
export type LoginFailures = { count: number; windowStartTimeMs: number };

/** What is noted for a normalised address; undefined: nothing. */
export async function findLoginFailures(sql: Sql, email: string): Promise<LoginFailures | undefined> {
  const { rows } = await sql.query<{ failure_count: number; window_start_time: Date }>(
    'SELECT failure_count, window_start_time FROM login_failure WHERE email_hash = $1',
    [emailHash(email)],
  );
  return rows[0] && { count: rows[0].failure_count, windowStartTimeMs: rows[0].window_start_time.getTime() };
}

/** Notes a wrong password; the first one after a window opens the next. */
export async function recordLoginFailure(sql: Sql, email: string, nowMs: number): Promise<void> {
  await sql.query(
    `INSERT INTO login_failure AS f (email_hash, failure_count, window_start_time) VALUES ($1, 1, $2)
     ON CONFLICT (email_hash) DO UPDATE SET
       failure_count = CASE WHEN f.window_start_time <= $3 THEN 1 ELSE f.failure_count + 1 END,
       window_start_time = CASE WHEN f.window_start_time <= $3 THEN $2 ELSE f.window_start_time END`,
    [emailHash(email), new Date(nowMs), new Date(nowMs - loginWindowMs)],
  );
}

/** Forgets what was noted for an address. */
export async function clearLoginFailures(sql: Sql, email: string): Promise<void> {
  await sql.query('DELETE FROM login_failure WHERE email_hash = $1', [emailHash(email)]);
}

/** Removes at most `limit` windows that are over; how many. */
export async function pruneLoginFailures(sql: Sql, nowMs: number, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM login_failure WHERE email_hash IN (
       SELECT email_hash FROM login_failure WHERE window_start_time <= $1 ORDER BY window_start_time LIMIT $2)`,
    [new Date(nowMs - loginWindowMs), limit],
  );
  return rowCount;
}

// Addresses that nobody has are noted too; a hash keeps what strangers typed out of the table.
function emailHash(email: string): Buffer {
  return createHash('sha256').update(email).digest();
}
