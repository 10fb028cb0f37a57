import type { Sql } from '#platform/postgres/sql.ts';
import type { NewMessage } from '../domain/message.ts';

/**
 * Stores in-app messages, except those whose fact has made one of this kind already, those of kinds that their person does not want in the
 * app, and those of house accounts.
 */
export async function insertMessages(tx: Sql, messages: readonly NewMessage[]): Promise<void> {
  // The joined tables are named by the array too, so that no plan reads them whole.
  await tx.query(
    `INSERT INTO message (message_id, fact_id, account_id, kind, subject, text, create_time)
     SELECT message_id, fact_id, new.account_id, new.kind, subject, text, create_time
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       AS new (message_id, fact_id, account_id, kind, subject, text, create_time)
     LEFT JOIN contact ON contact.account_id = new.account_id AND contact.account_id = ANY ($3)
     LEFT JOIN preference ON preference.account_id = new.account_id AND preference.account_id = ANY ($3)
       AND preference.kind = new.kind
     WHERE house IS NOT TRUE AND in_app IS NOT FALSE
     ON CONFLICT (fact_id, kind) DO NOTHING`,
    [
      messages.map(({ messageId }) => messageId),
      messages.map(({ factId }) => factId),
      messages.map(({ accountId }) => accountId),
      messages.map(({ kind }) => kind),
      messages.map(({ subject }) => subject),
      messages.map(({ text }) => text),
      messages.map(({ createTimeMs }) => new Date(createTimeMs)),
    ],
  );
}
