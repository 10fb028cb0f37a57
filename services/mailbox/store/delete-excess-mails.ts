import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes up to `rowsMax` of the oldest mails of each of the addresses that has more than `countMax`. Returns how many in all. */
export async function deleteExcessMails(
  sql: Sql,
  { addresses, countMax, rowsMax }: { addresses: readonly string[]; countMax: number; rowsMax: number },
): Promise<number> {
  const { rowCount } = await sql.query(
    `DELETE FROM mail WHERE mail_id = ANY (ARRAY(
       SELECT mail_id FROM unnest($1::text[]) AS grown (address) CROSS JOIN LATERAL (
         SELECT mail_id FROM mail WHERE mail.address = grown.address
         ORDER BY mail_id DESC OFFSET $2 LIMIT $3) AS excess))`,
    [addresses, countMax, rowsMax],
  );
  return rowCount;
}
