import type { Sql } from '#platform/postgres/sql.ts';
import { feedName } from './append-entries.ts';

/** An entry as the feed sends it: its sequence, and the bytes of the rest of its message. */
export type FeedEntry = { sequence: bigint; message: Uint8Array };

/** The entries of the ledger's feed after a sequence, in order, at most `limit`. */
export async function readEntriesAfter(sql: Sql, sequence: bigint, limit: number): Promise<FeedEntry[]> {
  const { rows } = await sql.query<FeedEntry>(
    'SELECT sequence, fact AS message FROM entry WHERE sequence > $1 ORDER BY sequence LIMIT $2',
    [sequence, limit],
  );
  return rows;
}

/** The sequence of the last entry; 0 when there is none. */
export async function readHeadSequence(sql: Sql): Promise<bigint> {
  const { rows } = await sql.query<{ sequence: bigint }>('SELECT sequence FROM platform.feed_head WHERE name = $1', [
    feedName,
  ]);
  return rows[0]?.sequence ?? 0n;
}
