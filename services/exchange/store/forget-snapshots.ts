import type { Sql } from '#platform/postgres/sql.ts';

/**
 * Deletes all but the newest snapshots of a shard, and parts without a header. Rows of later fencing tokens are left alone: their writer
 * may be at work.
 */
export async function forgetSnapshots(db: Sql, shard: number, token: bigint, retainedMax: number): Promise<void> {
  await db.query(
    `DELETE FROM snapshot WHERE shard = $1 AND token <= $2 AND (group_number, token) NOT IN
       (SELECT group_number, token FROM snapshot WHERE shard = $1 ORDER BY group_number DESC, token DESC LIMIT $3)`,
    [shard, token, retainedMax],
  );
  await db.query(
    `DELETE FROM snapshot_part p WHERE shard = $1 AND token <= $2 AND NOT EXISTS
       (SELECT FROM snapshot s WHERE s.shard = p.shard AND s.group_number = p.group_number AND s.token = p.token)`,
    [shard, token],
  );
}
