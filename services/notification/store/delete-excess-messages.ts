import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes up to `rowsMax` of the oldest messages of each of the accounts that has more than `countMax`. Returns how many in all. */
export async function deleteExcessMessages(
  sql: Sql,
  { accountIds, countMax, rowsMax }: { accountIds: readonly string[]; countMax: number; rowsMax: number },
): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM message WHERE message_id = ANY (ARRAY(
       SELECT message_id FROM unnest($1::uuid[]) AS grown (account_id) CROSS JOIN LATERAL (
         SELECT message_id FROM message WHERE message.account_id = grown.account_id
         ORDER BY message_id DESC OFFSET $2 LIMIT $3) AS excess))`,
    [accountIds, countMax, rowsMax],
  );
  return rowCount;
}
