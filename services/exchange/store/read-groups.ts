import type { BinaryRow } from '#platform/postgres/copy-out.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { JournalGroup } from '../journal/journal-group.ts';

/** Columns of the journal in the order in which `toGroup` takes them. */
export const groupColumns =
  'shard, group_number, first_sequence, last_sequence, time_ms, token, commands, events, state_hash, checksum';

// A page of groups that are carried out again: so many groups, and about so many bytes.
const pageGroupsMax = 1_000;
const pageBytesMax = 4 * 1024 * 1024;

/** The next groups after a number, in order: at most 1,000 and about 4 MiB, but one at least; none at the head. */
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

/** Whether more groups may follow a page at once. */
export function isFullPage(groups: readonly JournalGroup[]): boolean {
  let bytes = 0;
  for (const { commands, events } of groups) bytes += commands.length + events.length;
  return groups.length >= pageGroupsMax || bytes >= pageBytesMax;
}

/** Whether there is a group after a number: what a standby asks again and again. */
export async function hasGroupAfter(db: Sql, shard: number, groupNumber: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'SELECT FROM journal WHERE shard = $1 AND group_number > $2 LIMIT 1',
    [shard, groupNumber],
    { prepare: true },
  );
  return rowCount > 0;
}

/** The group of a number, if there is one. */
export async function readGroup(db: Sql, shard: number, groupNumber: number): Promise<JournalGroup | undefined> {
  const { rows } = await db.query<GroupRow>('SELECT * FROM journal WHERE shard = $1 AND group_number = $2', [
    shard,
    groupNumber,
  ]);
  const [row] = rows;
  return (
    row && {
      shard: row.shard,
      groupNumber: Number(row.group_number),
      firstSequence: Number(row.first_sequence),
      lastSequence: Number(row.last_sequence),
      timeMs: Number(row.time_ms),
      token: row.token,
      commands: row.commands,
      events: row.events,
      stateHash: row.state_hash,
      checksum: Number(row.checksum),
    }
  );
}

type GroupRow = {
  shard: number;
  group_number: bigint;
  first_sequence: bigint;
  last_sequence: bigint;
  time_ms: bigint;
  token: bigint;
  commands: Buffer;
  events: Buffer;
  state_hash: string;
  checksum: bigint;
};

/** The group of a row of `groupColumns`. */
export function toGroup([shard, groupNumber, first, last, timeMs, token, commands, events, hash, checksum]: BinaryRow) {
  return {
    shard: given(shard).readInt32BE(),
    groupNumber: toNumber(groupNumber),
    firstSequence: toNumber(first),
    lastSequence: toNumber(last),
    timeMs: toNumber(timeMs),
    token: given(token).readBigInt64BE(),
    commands: given(commands),
    events: given(events),
    stateHash: given(hash).toString(),
    checksum: toNumber(checksum),
  } satisfies JournalGroup;
}

/** The number of a bigint column. Throws TypeError for none. */
export function toNumber(column: Buffer | null | undefined): number {
  return Number(given(column).readBigInt64BE());
}

function given(column: Buffer | null | undefined): Buffer {
  if (!column) throw new TypeError('a column of the journal is empty');
  return column;
}
