import type { Database } from '#platform/postgres/sql.ts';
import type { JournalGroup } from '../journal/journal-group.ts';
import { groupColumns, toGroup } from './group-row.ts';

// Bounds of a page of groups to replay.
const pageGroupsMax = 1_000;
const pageBytesMax = 4 * 1024 * 1024;

/** The next groups after a number, in order: at most 1,000 and about 4 MiB, but at least one; none at the head. */
export async function readGroupsAfter(
  db: Pick<Database, 'readBinary'>,
  shard: number,
  groupNumber: number,
): Promise<JournalGroup[]> {
  const rows = await db.readBinary(
    `SELECT ${groupColumns} FROM (
       SELECT *, sum(octet_length(commands) + octet_length(events)) OVER (ORDER BY group_number) AS bytes FROM (
         SELECT * FROM journal WHERE shard = ${BigInt(shard)} AND group_number > ${BigInt(groupNumber)}
         ORDER BY group_number LIMIT ${pageGroupsMax}
       ) AS next
     ) AS sized
     WHERE bytes - octet_length(commands) - octet_length(events) < ${pageBytesMax} ORDER BY group_number`,
  );
  return rows.map(toGroup);
}

/** Whether a page was cut by its bounds, so that more groups may follow. */
export function isFullPage(groups: readonly JournalGroup[]): boolean {
  let bytes = 0;
  for (const { commands, events } of groups) bytes += commands.length + events.length;
  return groups.length >= pageGroupsMax || bytes >= pageBytesMax;
}
