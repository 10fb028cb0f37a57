import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { Message } from '../domain/message.ts';
import { countUnread } from './count-unread.ts';
import { listMessages } from './list-messages.ts';
import { type MessageRow, messageColumns, toMessage } from './message-row.ts';

/** A person's messages at one position of their box. */
export type Box = { sequence: bigint; unreadCount: number; messages: Message[] };

/** Changes of a box after a position, oldest first, and the position that they lead to. */
export type BoxChanges = { sequence: bigint; unreadCount: number; changes: BoxChange[] };

/** A message at its last change. */
export type BoxChange = { sequence: bigint; message: Message };

/** The last change sequence of a person's box; 0 when it never changed. */
export async function readBoxHead(sql: Sql, accountId: string): Promise<bigint> {
  const { rows } = await sql.query<{ change_sequence: bigint }>(
    'SELECT change_sequence FROM box WHERE account_id = $1',
    [accountId],
  );
  return rows[0]?.change_sequence ?? 0n;
}

/** The newest messages, at most `limit`, from one snapshot. */
export function readBox(db: Database, accountId: string, limit: number): Promise<Box> {
  return atOneMoment(db, async (tx) => ({
    sequence: await readBoxHead(tx, accountId),
    unreadCount: await countUnread(tx, accountId),
    messages: await listMessages(tx, { accountId, cursor: undefined, limit, unreadOnly: false }),
  }));
}

/**
 * The first `limit` changes after a position, from one snapshot. A message that changed several times comes once, at its latest.
 * Sequences are drawn under the lock of the box, so all up to its head are committed.
 */
export function readBoxChanges(db: Database, accountId: string, after: bigint, limit: number): Promise<BoxChanges> {
  return atOneMoment(db, async (tx) => {
    const head = await readBoxHead(tx, accountId);
    const { rows } = await tx.query<MessageRow & { change_sequence: bigint }>(
      `SELECT ${messageColumns}, change_sequence FROM message WHERE account_id = $1 AND change_sequence > $2
       ORDER BY change_sequence LIMIT $3`,
      [accountId, after, limit],
    );
    const changes = rows.map((row) => ({ sequence: row.change_sequence, message: toMessage(row) }));
    // A page that is not full has all there is, also where the last numbers have no message any more.
    const last = changes.length < limit ? head : (changes.at(-1)?.sequence ?? head);
    return { sequence: last, unreadCount: await countUnread(tx, accountId), changes };
  });
}

function atOneMoment<T>(db: Database, work: (tx: Sql) => Promise<T>): Promise<T> {
  return db.transaction(work, { isolation: 'repeatable read' });
}
