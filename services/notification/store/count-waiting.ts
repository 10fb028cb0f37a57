import type { Sql } from '#platform/postgres/sql.ts';

/** The number of deliveries that wait for their first or a further attempt. */
export async function countWaiting(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: bigint }>(`SELECT count(*) AS count FROM delivery WHERE state = 'waiting'`);
  return Number(rows[0]?.count ?? 0);
}
