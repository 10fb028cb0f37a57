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

/** The bytes of one entry of the feed; undefined when there is none with the sequence. */
export async function readEntry(sql: Sql, sequence: bigint): Promise<Uint8Array | undefined> {
  const { rows } = await sql.query<{ message: Uint8Array }>('SELECT fact AS message FROM entry WHERE sequence = $1', [
    sequence,
  ]);
  return rows[0]?.message;
}

/** The end of the feed and the name of its history. */
export type FeedHead = { sequence: bigint; epoch: string };

/** The head of the feed, at sequence 0 when there is no entry. */
export async function readHead(sql: Sql): Promise<FeedHead> {
  const { rows } = await sql.query<FeedHead>('SELECT sequence, epoch::text FROM platform.feed_head WHERE name = $1', [
    feedName,
  ]);
  return rows[0] ?? { sequence: 0n, epoch: '' };
}

/** The sequence of the last entry; 0 when there is none. */
export async function readHeadSequence(sql: Sql): Promise<bigint> {
  const { rows } = await sql.query<{ sequence: bigint }>('SELECT sequence FROM platform.feed_head WHERE name = $1', [
    feedName,
  ]);
  return rows[0]?.sequence ?? 0n;
}
