import { accountPayloads } from '#platform/postgres/account-notices.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { NewMessage } from '../domain/message.ts';
import { boxesChannel } from './boxes-channel.ts';

/**
 * Stores in-app messages, except those whose fact has made one of this kind already, those of kinds that their person does not want in the
 * app, and those of house accounts. Each is the next change of its person's box, of which all replicas are notified.
 */
export async function insertMessages(tx: Sql, messages: readonly NewMessage[]): Promise<void> {
  // The joined tables are named by the array too, so that no plan reads them whole. Boxes are locked in one sequence, so that two pages
  // with the same accounts do not wait for each other.
  await tx.query(
    `WITH wanted AS (
       SELECT message_id, fact_id, new.account_id, new.kind, subject, text, create_time, place
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
         WITH ORDINALITY AS new (message_id, fact_id, account_id, kind, subject, text, create_time, place)
       LEFT JOIN contact ON contact.account_id = new.account_id AND contact.account_id = ANY ($3)
       LEFT JOIN preference ON preference.account_id = new.account_id AND preference.account_id = ANY ($3)
         AND preference.kind = new.kind
       WHERE house IS NOT TRUE AND in_app IS NOT FALSE
     ), grown AS (
       INSERT INTO box AS known (account_id, change_sequence)
       SELECT account_id, count(*) FROM wanted GROUP BY account_id ORDER BY account_id
       ON CONFLICT (account_id) DO UPDATE SET change_sequence = known.change_sequence + excluded.change_sequence
       RETURNING account_id, change_sequence
     ), stored AS (
       INSERT INTO message (message_id, fact_id, account_id, kind, subject, text, create_time, change_sequence)
       SELECT message_id, fact_id, account_id, kind, subject, text, create_time,
         change_sequence + 1 - row_number() OVER (PARTITION BY account_id ORDER BY place DESC)
       FROM wanted JOIN grown USING (account_id)
       ON CONFLICT (fact_id, kind) DO NOTHING
     )
     SELECT pg_notify($8, payload) FROM unnest($9::text[]) AS payload`,
    [
      messages.map(({ messageId }) => messageId),
      messages.map(({ factId }) => factId),
      messages.map(({ accountId }) => accountId),
      messages.map(({ kind }) => kind),
      messages.map(({ subject }) => subject),
      messages.map(({ text }) => text),
      messages.map(({ createTimeMs }) => new Date(createTimeMs)),
      boxesChannel,
      accountPayloads(messages.map(({ accountId }) => accountId)),
    ],
  );
}
