import type { Sql } from '#platform/postgres/sql.ts';
import { checksumOfHeader, type SnapshotHeader, type SnapshotKey } from '../snapshot/snapshot-header.ts';

/** Stores a part, if the shard's token still is the key's; resolves to false when it is not. */
export async function writeSnapshotPart(db: Sql, key: SnapshotKey, part: number, bytes: Uint8Array): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH s AS (SELECT id, token FROM shard WHERE id = $1 AND token = $2 FOR SHARE)
     INSERT INTO snapshot_part (shard, group_number, token, part, bytes) SELECT s.id, $3, s.token, $4, $5 FROM s`,
    [key.shard, key.token, key.groupNumber, part, bytes],
  );
  return rowCount === 1;
}

/** Stores the header of a snapshot whose parts are stored, which makes it one; fenced as its parts are. */
export async function completeSnapshot(db: Sql, header: SnapshotHeader): Promise<boolean> {
  const { shard, groupNumber, token, format, ruleVersion, sequence, timeMs } = header;
  const { stateHash, groupChecksum, partCount, contentChecksum } = header;
  const { rowCount } = await db.query(
    `WITH s AS (SELECT id, token FROM shard WHERE id = $1 AND token = $2 FOR SHARE)
     INSERT INTO snapshot (shard, group_number, token, format, rule_version, sequence, time_ms, state_hash,
       group_checksum, part_count, content_checksum, checksum)
     SELECT s.id, $3, s.token, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM s`,
    [
      ...[shard, token, groupNumber, format, ruleVersion, sequence, timeMs, stateHash],
      ...[groupChecksum, partCount, contentChecksum, checksumOfHeader(header)],
    ],
  );
  return rowCount === 1;
}
