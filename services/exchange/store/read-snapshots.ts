import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredHeader } from '../snapshot/snapshot-header.ts';

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

/** The headers of at most `limit` snapshots of a shard, the newest first. */
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
