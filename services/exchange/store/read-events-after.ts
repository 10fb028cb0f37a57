import type { Database } from '#platform/postgres/sql.ts';
import type { FeedSegment } from '../journal/feed-segment.ts';
import { JournalDamagedError } from '../journal/journal-damaged-error.ts';
import { checksumOf } from '../journal/journal-group.ts';
import { groupColumns, toGroup, toNumber } from './read-groups.ts';

/** Groups are read until they have so many bytes of events, and at most so many of them. */
const bytesMax = 512 * 1024;
const groupsMax = 512;

/**
 * The events of the next groups after a sequence, up to another one; the first group may begin before. They are about 512 KiB, or
 * one group. A recovery that began with a snapshot has not seen these rows: each is held against its checksum here, and rejected
 * with JournalDamagedError.
 */
export async function readEventsAfter(
  db: Pick<Database, 'readBinary'>,
  shard: number,
  { afterSequence, lastSequence }: { afterSequence: number; lastSequence: number },
): Promise<FeedSegment> {
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
  const events: Buffer[] = [];
  let first = 0;
  let last = 0;
  for (const row of rows) {
    const group = toGroup(row);
    const damaged = (problem: string) => new JournalDamagedError(shard, group.groupNumber, problem);
    if (checksumOf(group, toNumber(row.at(-1))) !== group.checksum) {
      throw damaged('was altered: its checksum does not fit');
    }
    if (events.length === 0) first = group.firstSequence;
    else if (group.firstSequence !== last + 1) throw damaged('does not follow the sequence before it');
    last = group.lastSequence;
    events.push(group.events);
  }
  if (events.length === 0 || first > afterSequence + 1) {
    throw new Error(`the journal of shard ${shard} has a gap after sequence ${afterSequence}`);
  }
  return { firstSequence: first, lastSequence: last, bytes: Buffer.concat(events) };
}
