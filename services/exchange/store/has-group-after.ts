import type { Sql } from '#platform/postgres/sql.ts';

/** Whether there is a group after a number; cheap, because every standby polls it. */
export async function hasGroupAfter(db: Sql, shard: number, groupNumber: number): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM journal WHERE shard = $1 AND group_number > $2 LIMIT 1', [
    shard,
    groupNumber,
  ]);
  return rowCount > 0;
}
