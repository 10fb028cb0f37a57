import type { Sql } from '#platform/postgres/sql.ts';
import type { Message } from '../domain/message.ts';
import { type MessageRow, messageColumns, toMessage } from './message-row.ts';

/** Marks a message of this person as read, now unless it was before. Returns undefined when the person has no such message. */
export async function markRead(
  sql: Sql,
  options: { accountId: string; messageId: string; nowMs: number },
): Promise<Message | undefined> {
  const { rows } = await sql.query<MessageRow>(
    `UPDATE message SET read_time = coalesce(read_time, $3) WHERE message_id = $1 AND account_id = $2
     RETURNING ${messageColumns}`,
    [options.messageId, options.accountId, new Date(options.nowMs)],
  );
  return rows[0] && toMessage(rows[0]);
}
