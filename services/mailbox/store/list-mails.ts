import type { Sql } from '#platform/postgres/sql.ts';
import type { Mail } from '../domain/mail.ts';

type Row = {
  mail_id: string;
  address: string;
  sender: string;
  subject: string;
  text: string;
  message_id: string;
  receive_time: Date;
};

/** At most `limit` mails of an address, newest first, older than the mail `cursor` where one is given. */
export async function listMails(
  sql: Sql,
  options: { address: string; cursor: string | undefined; limit: number },
): Promise<Mail[]> {
  const { rows } = await sql.query<Row>(
    `SELECT mail_id, address, sender, subject, text, message_id, receive_time FROM mail
     WHERE address = $1 AND ($2::uuid IS NULL OR mail_id < $2) ORDER BY mail_id DESC LIMIT $3`,
    [options.address, options.cursor, options.limit],
  );
  return rows.map(toMail);
}

function toMail(row: Row): Mail {
  return {
    mailId: row.mail_id,
    to: row.address,
    from: row.sender,
    subject: row.subject,
    text: row.text,
    messageId: row.message_id,
    receiveTimeMs: row.receive_time.getTime(),
  };
}
