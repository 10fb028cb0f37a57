import type { Sql } from '#platform/postgres/sql.ts';

/** Removes all but the newest `keep` mails of an address. */
export async function pruneMails(sql: Sql, address: string, keep: number): Promise<void> {
  await sql.query(
    `DELETE FROM mail WHERE address = $1 AND mail_id <= (
       SELECT mail_id FROM mail WHERE address = $1 ORDER BY mail_id DESC OFFSET $2 LIMIT 1)`,
    [address, keep],
  );
}
