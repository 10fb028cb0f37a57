import type { Sql } from '#platform/postgres/sql.ts';

/** Deletes at most `limit` groups from before a number, the oldest first. Returns how many; fewer when there are no more. */
export async function deleteGroups(db: Sql, shard: number, before: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM journal WHERE shard = $1 AND group_number IN (
       SELECT group_number FROM journal WHERE shard = $1 AND group_number < $2 ORDER BY group_number LIMIT $3
     )`,
    [shard, before, limit],
  );
  return rowCount;
}
