import type { Sql } from '#platform/postgres/sql.ts';
import type { SnapshotKey } from '../snapshot/snapshot-header.ts';

/** The bytes of a part of a snapshot; undefined if it is missing. */
export async function readSnapshotPart(db: Sql, key: SnapshotKey, part: number): Promise<Uint8Array | undefined> {
  const { rows } = await db.query<{ bytes: Buffer }>(
    'SELECT bytes FROM snapshot_part WHERE shard = $1 AND group_number = $2 AND token = $3 AND part = $4',
    [key.shard, key.groupNumber, key.token, part],
  );
  return rows[0]?.bytes;
}
