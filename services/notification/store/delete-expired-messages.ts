import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes up to `rowsMax` messages from before `beforeMs`. Returns how many. */
export async function deleteExpiredMessages(sql: Sql, beforeMs: number, rowsMax: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM message WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM message WHERE create_time < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    [new Date(beforeMs), rowsMax],
  );
  return rowCount;
}
