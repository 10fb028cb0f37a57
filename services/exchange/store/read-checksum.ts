import type { Sql } from '#platform/postgres/sql.ts';

/** The checksum of the group that has an event; undefined when there is none. */
export async function readChecksum(db: Sql, shard: number, sequence: number): Promise<number | undefined> {
  const { rows } = await db.query<{ checksum: bigint }>(
    `SELECT checksum FROM journal WHERE shard = $1 AND last_sequence >= $2 AND first_sequence <= $2
     ORDER BY last_sequence LIMIT 1`,
    [shard, sequence],
  );
  return rows[0] && Number(rows[0].checksum);
}
