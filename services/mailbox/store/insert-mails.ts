import type { Sql } from '#platform/postgres/sql.ts';
import type { Mail } from '../domain/mail.ts';

/** Stores mails for their receivers by one statement; those that are stored already change nothing. */
export async function insertMails(sql: Sql, mails: readonly Mail[]): Promise<void> {
  await sql.query(
    `INSERT INTO mail (mail_id, address, sender, subject, text, message_id, receive_time)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
     ON CONFLICT (address, message_id) DO NOTHING`,
    [
      mails.map(({ mailId }) => mailId),
      mails.map(({ to }) => to),
      mails.map(({ from }) => from),
      mails.map(({ subject }) => subject),
      mails.map(({ text }) => text),
      mails.map(({ messageId }) => messageId),
      mails.map(({ receiveTimeMs }) => new Date(receiveTimeMs)),
    ],
  );
}
