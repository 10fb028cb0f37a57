import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes up to `rowsMax` deliveries that ended in `state` before `beforeMs`. Returns how many. */
export async function deleteEndedDeliveries(
  sql: Sql,
  { state, beforeMs, rowsMax }: { state: 'sent' | 'dead'; beforeMs: number; rowsMax: number },
): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM delivery WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM delivery WHERE state = $1 AND end_time < $2 LIMIT $3 FOR UPDATE SKIP LOCKED))`,
    [state, new Date(beforeMs), rowsMax],
  );
  return rowCount;
}
