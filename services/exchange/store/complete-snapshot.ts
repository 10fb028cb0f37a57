import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredHeader } from '../snapshot/snapshot-header.ts';

/** Stores the header of a snapshot, which makes its stored parts valid; fenced by the shard's token as the parts are. */
export async function completeSnapshot(db: Sql, header: StoredHeader): Promise<boolean> {
  const { shard, groupNumber, token, format, ruleVersion, sequence, timeMs } = header;
  const { stateHash, groupChecksum, partCount, contentChecksum, checksum } = header;
  const { rowCount } = await db.query(
    `WITH s AS (SELECT id, token FROM shard WHERE id = $1 AND token = $2 FOR SHARE)
     INSERT INTO snapshot (shard, group_number, token, format, rule_version, sequence, time_ms, state_hash,
       group_checksum, part_count, content_checksum, checksum)
     SELECT s.id, $3, s.token, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM s`,
    [
      ...[shard, token, groupNumber, format, ruleVersion, sequence, timeMs, stateHash],
      ...[groupChecksum, partCount, contentChecksum, checksum],
    ],
  );
  return rowCount === 1;
}
