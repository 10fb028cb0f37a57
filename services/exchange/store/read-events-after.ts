import type { Sql } from '#platform/postgres/sql.ts';
import { JournalDamagedError } from '../journal/journal-damaged-error.ts';
import { checksumOf } from '../journal/journal-group.ts';
import type { FeedSegment } from '../shard/feed-segment.ts';
import type { GroupRow } from './read-groups.ts';
import { toGroup } from './read-groups.ts';

/**
 * The events of the groups between two sequences, in order, of at most `limit` groups; the first may begin before. A recovery that
 * began with a snapshot has not seen these rows: each is held against its checksum here, and rejected with JournalDamagedError.
 */
export async function readEventsAfter(
  db: Sql,
  shard: number,
  range: { afterSequence: number; lastSequence: number },
  limit: number,
): Promise<FeedSegment[]> {
  const { rows } = await db.query<GroupRow & { previous_checksum: bigint | null }>(
    `SELECT j.*, (SELECT checksum FROM journal p WHERE p.shard = j.shard AND p.group_number = j.group_number - 1)
       AS previous_checksum
     FROM journal j WHERE shard = $1 AND last_sequence > $2 AND last_sequence <= $3
     ORDER BY last_sequence LIMIT $4`,
    [shard, range.afterSequence, range.lastSequence, limit],
  );
  return rows.map((row) => {
    const group = toGroup(row);
    if (checksumOf(group, Number(row.previous_checksum ?? 0)) !== group.checksum) {
      throw new JournalDamagedError(shard, group.groupNumber, 'was altered: its checksum does not fit');
    }
    return { firstSequence: group.firstSequence, lastSequence: group.lastSequence, bytes: group.events };
  });
}
