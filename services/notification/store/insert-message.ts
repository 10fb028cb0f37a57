import type { Sql } from '#platform/postgres/sql.ts';
import { type Message, messagesPerAccountMax } from '../domain/message.ts';

/** Stores an in-app message unless its fact has made one of this kind already, and deletes all but the newest 1000 of its person. */
export async function insertMessage(
  tx: Sql,
  message: Omit<Message, 'readTimeMs'> & { factId: string; accountId: string },
): Promise<void> {
  const { accountId, messageId, factId, kind, subject, text, createTimeMs } = message;
  const { rowCount } = await tx.query(
    `INSERT INTO message (message_id, fact_id, account_id, kind, subject, text, create_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (fact_id, kind) DO NOTHING`,
    [messageId, factId, accountId, kind, subject, text, new Date(createTimeMs)],
  );
  if (rowCount === 0) return;
  await tx.query(
    `DELETE FROM message WHERE account_id = $1 AND message_id <= (
       SELECT message_id FROM message WHERE account_id = $1 ORDER BY message_id DESC OFFSET $2 LIMIT 1)`,
    [accountId, messagesPerAccountMax],
  );
}
