import type { Sql } from '#platform/postgres/sql.ts';

const deleteSql = `
  WITH due AS (
    SELECT replace_id FROM replaces WHERE create_time < $1 AND state <> 'pending'
    ORDER BY create_time LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  DELETE FROM replaces USING due WHERE replaces.replace_id = due.replace_id`;

/** Deletes changes that have ended and were asked for before a time, at most `limit`, and returns their number. */
export async function deleteReplaces(db: Sql, createdBeforeMs: number, limit: number): Promise<number> {
  return (await db.query(deleteSql, [new Date(createdBeforeMs), limit])).rowCount;
}
