import type { Sql } from '#platform/postgres/sql.ts';
import type { SnapshotKey } from '../snapshot/snapshot-header.ts';

/** Stores a part if the shard's fencing token still is the key's; resolves to false if it is not. */
export async function writeSnapshotPart(db: Sql, key: SnapshotKey, part: number, bytes: Uint8Array): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH s AS (SELECT id, token FROM shard WHERE id = $1 AND token = $2 FOR SHARE)
     INSERT INTO snapshot_part (shard, group_number, token, part, bytes) SELECT s.id, $3, s.token, $4, $5 FROM s`,
    [key.shard, key.token, key.groupNumber, part, bytes],
  );
  return rowCount === 1;
}
