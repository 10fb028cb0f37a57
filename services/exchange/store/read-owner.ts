import type { Sql } from '#platform/postgres/sql.ts';

/** Who took a shard over last, and the `host:port` that takes its calls. */
export type Place = { holder: string; address: string; token: bigint };

/** Where a shard is served, as far as the database knows; undefined before it was taken for the first time. */
export async function readPlace(db: Sql, shard: number): Promise<Place | undefined> {
  const { rows } = await db.query<Place>('SELECT holder, address, token FROM shard WHERE id = $1', [shard]);
  return rows[0];
}
