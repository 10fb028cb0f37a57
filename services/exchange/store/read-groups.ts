import type { Sql } from '#platform/postgres/sql.ts';
import type { JournalGroup } from '../journal/journal-group.ts';

/** A row of the journal. */
export type GroupRow = {
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

/** The groups after a number, in order, at most `limit`. */
export async function readGroupsAfter(
  db: Sql,
  shard: number,
  groupNumber: number,
  limit: number,
): Promise<JournalGroup[]> {
  const { rows } = await db.query<GroupRow>(
    'SELECT * FROM journal WHERE shard = $1 AND group_number > $2 ORDER BY group_number LIMIT $3',
    [shard, groupNumber, limit],
  );
  return rows.map(toGroup);
}

/** The group of a number, if there is one. */
export async function readGroup(db: Sql, shard: number, groupNumber: number): Promise<JournalGroup | undefined> {
  const { rows } = await db.query<GroupRow>('SELECT * FROM journal WHERE shard = $1 AND group_number = $2', [
    shard,
    groupNumber,
  ]);
  return rows.map(toGroup)[0];
}

/** The group of a row. */
export function toGroup(row: GroupRow): JournalGroup {
  return {
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
  };
}
