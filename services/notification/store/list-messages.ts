import type { Sql } from '#platform/postgres/sql.ts';
import type { Message } from '../domain/message.ts';
import { type MessageRow, messageColumns, toMessage } from './message-row.ts';

/** At most `limit` messages of a person, newest first, older than the message `cursor` if there is one. */
export async function listMessages(
  sql: Sql,
  options: { accountId: string; cursor: string | undefined; limit: number; unreadOnly: boolean },
): Promise<Message[]> {
  const { rows } = await sql.query<MessageRow>(
    `SELECT ${messageColumns} FROM message
     WHERE account_id = $1 AND ($2::uuid IS NULL OR message_id < $2) ${options.unreadOnly ? 'AND read_time IS NULL' : ''}
     ORDER BY message_id DESC LIMIT $3`,
    [options.accountId, options.cursor, options.limit],
  );
  return rows.map(toMessage);
}
