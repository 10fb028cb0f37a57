import type { Sql } from '#platform/postgres/sql.ts';
import type { JournalGroup } from '../journal/journal-group.ts';

type Row = {
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

/** The group with a number; undefined if there is none. */
export async function readGroup(db: Sql, shard: number, groupNumber: number): Promise<JournalGroup | undefined> {
  const { rows } = await db.query<Row>('SELECT * FROM journal WHERE shard = $1 AND group_number = $2', [
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
