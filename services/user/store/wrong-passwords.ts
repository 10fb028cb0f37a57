import { createHash } from 'node:crypto';
import type { Sql } from '#platform/postgres/database.ts';

/** Wrong passwords of one account that its owner is to be notified of. */
export type FailedLogIns = { accountId: string; failedCount: number; firstTime: Date; lastTime: Date };

/** The least number of wrong passwords that an owner is notified of. */
export const reportedCountMin = 10;

const hourMs = 3_600_000;

/** Counts a wrong password for a normalised address; a count that stays below ten for an hour begins anew. */
export async function countWrongPassword(
  sql: Sql,
  { email, accountId, nowMs }: { email: string; accountId: string | undefined; nowMs: number },
): Promise<void> {
  await sql.query(
    `INSERT INTO wrong_password AS w (email_hash, account_id, wrong_count, first_time, last_time) VALUES ($1, $2, 1, $3, $3)
     ON CONFLICT (email_hash) DO UPDATE SET
       account_id = excluded.account_id,
       wrong_count = CASE WHEN w.wrong_count < $5 AND w.first_time <= $4 THEN 1 ELSE w.wrong_count + 1 END,
       first_time = CASE WHEN w.wrong_count = 0 OR w.wrong_count < $5 AND w.first_time <= $4 THEN $3 ELSE w.first_time END,
       last_time = $3`,
    [emailHash(email), accountId, new Date(nowMs), new Date(nowMs - hourMs), reportedCountMin],
  );
}

/** At most `rowsMax` accounts with ten wrong passwords or more that were not reported within an hour; from now on they were. */
export async function takeFailedLogIns(tx: Sql, nowMs: number, rowsMax: number): Promise<FailedLogIns[]> {
  const { rows } = await tx.query<{
    email_hash: Buffer;
    account_id: string;
    wrong_count: number;
    first_time: Date;
    last_time: Date;
  }>(
    `SELECT email_hash, account_id, wrong_count, first_time, last_time FROM wrong_password
     WHERE account_id IS NOT NULL AND wrong_count >= $1 AND (report_time IS NULL OR report_time <= $2)
     LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [reportedCountMin, new Date(nowMs - hourMs), rowsMax],
  );
  if (rows.length === 0) return [];
  await tx.query('UPDATE wrong_password SET wrong_count = 0, report_time = $2 WHERE email_hash = ANY ($1::bytea[])', [
    rows.map(({ email_hash }) => email_hash),
    new Date(nowMs),
  ]);
  return rows.map((row) => ({
    accountId: row.account_id,
    failedCount: row.wrong_count,
    firstTime: row.first_time,
    lastTime: row.last_time,
  }));
}

/** Removes at most `rowsMax` counts of addresses for which no wrong password came in two hours; how many. */
export async function pruneWrongPasswords(sql: Sql, nowMs: number, rowsMax: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM wrong_password WHERE email_hash IN (
       SELECT email_hash FROM wrong_password WHERE last_time <= $1 ORDER BY last_time LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [new Date(nowMs - 2 * hourMs), rowsMax],
  );
  return rowCount;
}

// Addresses that no account has are counted too; a hash does not store what strangers typed.
function emailHash(email: string): Buffer {
  return createHash('sha256').update(email).digest();
}
