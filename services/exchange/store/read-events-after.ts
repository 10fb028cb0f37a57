import type { Sql } from '#platform/postgres/sql.ts';
import type { FeedSegment } from '../shard/feed-segment.ts';

/** The events of the groups between two sequences, in order, of at most `limit` groups; the first may begin before. */
export async function readEventsAfter(
  db: Sql,
  shard: number,
  range: { afterSequence: number; lastSequence: number },
  limit: number,
): Promise<FeedSegment[]> {
  const { rows } = await db.query<{ first_sequence: bigint; last_sequence: bigint; events: Buffer }>(
    `SELECT first_sequence, last_sequence, events FROM journal
     WHERE shard = $1 AND last_sequence > $2 AND last_sequence <= $3
     ORDER BY last_sequence LIMIT $4`,
    [shard, range.afterSequence, range.lastSequence, limit],
  );
  return rows.map(({ first_sequence, last_sequence, events }) => ({
    firstSequence: Number(first_sequence),
    lastSequence: Number(last_sequence),
    bytes: events,
  }));
}
