import type { Sql } from '#platform/postgres/sql.ts';

/** The process that took a shard over last: its unique name, the `host:port` that takes its calls, and its fencing token. */
export type ShardOwner = { name: string; address: string; token: bigint };

/** The owner of a shard; undefined before the first takeover. */
export async function readOwner(db: Sql, shard: number): Promise<ShardOwner | undefined> {
  const { rows } = await db.query<ShardOwner>('SELECT holder AS name, address, token FROM shard WHERE id = $1', [
    shard,
  ]);
  return rows[0];
}
