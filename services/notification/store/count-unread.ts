import type { Sql } from '#platform/postgres/sql.ts';

/** The number of a person's unread messages. */
export async function countUnread(sql: Sql, accountId: string): Promise<number> {
  const { rows } = await sql.query<{ count: bigint }>(
    'SELECT count(*) AS count FROM message WHERE account_id = $1 AND read_time IS NULL',
    [accountId],
  );
  return Number(rows[0]?.count ?? 0);
}
