import type { Sql } from '#platform/postgres/sql.ts';

/** Notes an event of a provider in the transaction of its effect; false when it was noted before. A concurrent repeat waits for the commit. */
export async function noteEvent(tx: Sql, provider: string, eventId: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO payment_event (provider, event_id, receive_time) VALUES ($1, $2, $3)
     ON CONFLICT (provider, event_id) DO NOTHING`,
    [provider, eventId, now],
  );
  return rowCount === 1;
}

/** Forgets events that were received before a time, at most `limit`; returns how many. */
export async function purgeEvents(sql: Sql, before: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM payment_event WHERE (provider, event_id) IN (
       SELECT provider, event_id FROM payment_event WHERE receive_time < $1 ORDER BY receive_time LIMIT $2)`,
    [before, limit],
  );
  return rowCount;
}
