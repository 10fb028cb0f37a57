import type { Sql } from '#platform/postgres/sql.ts';
import type { Message } from '../domain/message.ts';
import { type MessageRow, messageColumns, toMessage } from './message-row.ts';

/** Some messages of a person at one moment: the last change sequence of their box, 0 when it never changed, and how many are unread. */
type BoxRead<M> = { head: bigint; unreadCount: number; messages: M[] };

/** A message at its last change. */
export type ChangedMessage = Message & { sequence: bigint };

type Row = MessageRow & { head: bigint; unread_count: bigint; change_sequence: bigint };

// Each is one statement, so all of it is from one snapshot, for one way to the database. A row without a message says that there is none.
const boxSql = `
  SELECT head, (SELECT count(*) FROM message WHERE account_id = $1 AND read_time IS NULL) AS unread_count, found.*
  FROM (SELECT coalesce((SELECT change_sequence FROM box WHERE account_id = $1), 0) AS head) AS box
  LEFT JOIN LATERAL (
    SELECT ${messageColumns}, change_sequence FROM message WHERE account_id = $1 ORDER BY message_id DESC LIMIT $2
  ) AS found ON true`;
const changesSql = `
  SELECT head, CASE WHEN head > $2 THEN (SELECT count(*) FROM message WHERE account_id = $1 AND read_time IS NULL) ELSE 0 END AS unread_count,
    found.*
  FROM (SELECT coalesce((SELECT change_sequence FROM box WHERE account_id = $1), 0) AS head) AS box
  LEFT JOIN LATERAL (
    SELECT ${messageColumns}, change_sequence FROM message WHERE account_id = $1 AND change_sequence > $2
    ORDER BY change_sequence LIMIT $3
  ) AS found ON true`;

/** The newest messages, at most `limit`. */
export async function readBox(sql: Sql, accountId: string, limit: number): Promise<BoxRead<Message>> {
  const { rows } = await sql.query<Row>(boxSql, [accountId, limit]);
  return read(rows, toMessage);
}

/**
 * The first `limit` changes after a position, oldest first. A message that changed several times comes once, at its latest. Sequences are
 * drawn under the lock of the box, so all up to its head are committed. Without a change the unread count is 0.
 */
export async function readBoxChanges(
  sql: Sql,
  accountId: string,
  after: bigint,
  limit: number,
): Promise<BoxRead<ChangedMessage>> {
  const { rows } = await sql.query<Row>(changesSql, [accountId, after, limit]);
  return read(rows, (row) => ({ ...toMessage(row), sequence: row.change_sequence }));
}

function read<M>(rows: readonly Row[], toMessageOf: (row: Row) => M): BoxRead<M> {
  const { head = 0n, unread_count = 0n } = rows[0] ?? {};
  const found = rows.filter(({ message_id }) => message_id !== null);
  return { head, unreadCount: Number(unread_count), messages: found.map(toMessageOf) };
}
