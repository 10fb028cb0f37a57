import type { Sql } from '#platform/postgres/sql.ts';
import type { Mail } from '../domain/mail.ts';

/** Stores a mail for its receiver; false when it is stored already. */
export async function insertMail(sql: Sql, mail: Mail): Promise<boolean> {
  const { rowCount } = await sql.query(
    `INSERT INTO mail (mail_id, address, sender, subject, text, message_id, receive_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (address, message_id) DO NOTHING`,
    [mail.mailId, mail.to, mail.from, mail.subject, mail.text, mail.messageId, new Date(mail.receiveTimeMs)],
  );
  return rowCount === 1;
}
