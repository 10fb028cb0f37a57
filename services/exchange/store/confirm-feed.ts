import type { Sql } from '#platform/postgres/sql.ts';

/** Stores up to where a follower needs the feed no more. An earlier sequence than before changes nothing. */
export async function confirmFeed(
  db: Sql,
  { shard, follower, sequence }: { shard: number; follower: string; sequence: bigint },
): Promise<void> {
  await db.query(
    `INSERT INTO confirmation AS c (shard, follower, sequence) VALUES ($1, $2, $3)
     ON CONFLICT (shard, follower) DO UPDATE SET sequence = excluded.sequence, update_time = now()
       WHERE c.sequence < excluded.sequence`,
    [shard, follower, sequence],
  );
}
