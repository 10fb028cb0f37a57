import type { Database } from '#platform/postgres/sql.ts';
import { sessionsMax } from '../domain/session.ts';
import { lockAccounts } from './lock-accounts.ts';

/** A session of an account, and until when it lives; times in Unix milliseconds. */
export type StoredSession = { accountId: string; sessionId: string; endTimeMs: number; nowMs: number };

const saveSql = `
  INSERT INTO sessions (account_id, session_id, end_time)
  SELECT $1, $2, $3
  WHERE (SELECT count(*) FROM sessions WHERE account_id = $1 AND session_id <> $2 AND end_time > $4) < $5
  ON CONFLICT (account_id, session_id) DO UPDATE SET end_time = excluded.end_time`;

/** Stores a session that is opened or renewed; false when the account has as many others that live as it may. */
export function saveSession(db: Database, { accountId, sessionId, endTimeMs, nowMs }: StoredSession): Promise<boolean> {
  return db.transaction(async (tx) => {
    // One after the other, so that two replicas do not both open the last one.
    await lockAccounts(tx, [accountId]);
    const values = [accountId, sessionId, new Date(endTimeMs), new Date(nowMs), sessionsMax];
    return (await tx.query(saveSql, values)).rowCount === 1;
  });
}

const deleteSql = `
  WITH due AS (
    SELECT account_id, session_id FROM sessions WHERE end_time < $1 ORDER BY end_time LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  DELETE FROM sessions USING due WHERE sessions.account_id = due.account_id AND sessions.session_id = due.session_id`;

/** Deletes at most `limit` sessions that ended before a time, and returns their number. */
export async function deleteSessions(
  db: Pick<Database, 'query'>,
  endedBeforeMs: number,
  limit: number,
): Promise<number> {
  return (await db.query(deleteSql, [new Date(endedBeforeMs), limit])).rowCount;
}
