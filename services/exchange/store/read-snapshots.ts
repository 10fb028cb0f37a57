import type { Sql } from '#platform/postgres/sql.ts';
import type { SnapshotHeader, SnapshotKey } from '../snapshot/snapshot-header.ts';

/** A header as it lies there, and the checksum that it should have. */
export type StoredHeader = SnapshotHeader & { checksum: number };

type Row = {
  shard: number;
  group_number: bigint;
  token: bigint;
  format: number;
  rule_version: number;
  sequence: bigint;
  time_ms: bigint;
  state_hash: string;
  group_checksum: bigint;
  part_count: number;
  content_checksum: bigint;
  checksum: bigint;
};

/** The snapshots of a shard, the newest first, at most `limit`. */
export async function readSnapshots(db: Sql, shard: number, limit: number): Promise<StoredHeader[]> {
  const { rows } = await db.query<Row>(
    'SELECT * FROM snapshot WHERE shard = $1 ORDER BY group_number DESC, token DESC LIMIT $2',
    [shard, limit],
  );
  return rows.map((row) => ({
    shard: row.shard,
    groupNumber: Number(row.group_number),
    token: row.token,
    format: row.format,
    ruleVersion: row.rule_version,
    sequence: Number(row.sequence),
    timeMs: Number(row.time_ms),
    stateHash: row.state_hash,
    groupChecksum: Number(row.group_checksum),
    partCount: row.part_count,
    contentChecksum: Number(row.content_checksum),
    checksum: Number(row.checksum),
  }));
}

/** The bytes of a part, if it is there. */
export async function readSnapshotPart(db: Sql, key: SnapshotKey, part: number): Promise<Uint8Array | undefined> {
  const { rows } = await db.query<{ bytes: Buffer }>(
    'SELECT bytes FROM snapshot_part WHERE shard = $1 AND group_number = $2 AND token = $3 AND part = $4',
    [key.shard, key.groupNumber, key.token, part],
  );
  return rows[0]?.bytes;
}
