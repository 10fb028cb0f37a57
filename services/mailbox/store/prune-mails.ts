import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes all but the newest `countMax` mails of an address. */
export async function pruneMails(sql: Sql, address: string, countMax: number): Promise<void> {
  await sql.query(
    `DELETE FROM mail WHERE address = $1 AND mail_id <= (
       SELECT mail_id FROM mail WHERE address = $1 ORDER BY mail_id DESC OFFSET $2 LIMIT 1)`,
    [address, countMax],
  );
}
