import type { Sql } from '#platform/postgres/sql.ts';

/** Removes up to `rowsMax` messages from before `beforeMs`; returns how many. */
export async function purgeMessages(sql: Sql, beforeMs: number, rowsMax: number): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM message WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM message WHERE create_time < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    [new Date(beforeMs), rowsMax],
  );
  return rowCount;
}

/** Removes up to `rowsMax` deliveries that ended in `state` before `beforeMs`; returns how many. */
export async function purgeDeliveries(
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

/** How many e-mails wait, those for their next try included. */
export async function countWaiting(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: bigint }>(`SELECT count(*) AS count FROM delivery WHERE state = 'waiting'`);
  return Number(rows[0]?.count ?? 0);
}
