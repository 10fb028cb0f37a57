import type { Database } from '#platform/postgres/sql.ts';
import type { ChainedGroup } from '../journal/join-events.ts';
import { groupColumns, toGroup, toNumber } from './group-row.ts';

// Bounds of a page: bytes of events, and groups.
const bytesMax = 512 * 1024;
const groupsMax = 512;

/**
 * The next groups whose events are after a sequence, up to another one, with the checksums of the groups before them: about 512 KiB of
 * events, or one group. The first group may begin before the sequence.
 */
export async function readEventsAfter(
  db: Pick<Database, 'readBinary'>,
  shard: number,
  { afterSequence, lastSequence }: { afterSequence: number; lastSequence: number },
): Promise<ChainedGroup[]> {
  const rows = await db.readBinary(
    `WITH next AS (
       SELECT ${groupColumns} FROM journal
       WHERE shard = ${BigInt(shard)} AND last_sequence > ${BigInt(afterSequence)} AND last_sequence <= ${BigInt(lastSequence)}
       ORDER BY last_sequence LIMIT ${groupsMax}
     ), sized AS (
       SELECT *, lag(checksum) OVER earlier AS previous, sum(octet_length(events)) OVER earlier AS bytes
       FROM next WINDOW earlier AS (ORDER BY group_number)
     )
     SELECT ${groupColumns}, coalesce(previous, (
       SELECT checksum FROM journal WHERE shard = ${BigInt(shard)} AND group_number = sized.group_number - 1
     ), 0)
     FROM sized WHERE bytes - octet_length(events) < ${bytesMax} ORDER BY group_number`,
  );
  return rows.map((row) => ({ group: toGroup(row), previousChecksum: toNumber(row.at(-1)) }));
}
