import type { Sql } from '#platform/postgres/sql.ts';

/** The right to append to a shard's journal: the fencing token, and the name of the shard's history. */
export type Ownership = { token: bigint; epoch: string };

/** A process of the exchange: a name unique among processes, and the `host:port` that takes its calls. */
export type ReplicaIdentity = { name: string; address: string };

/**
 * Makes the caller the shard's only writer: once this is committed, an append under an older token changes nothing. The first
 * takeover creates the shard and names its history.
 */
export async function takeOver(db: Sql, shard: number, { name, address }: ReplicaIdentity): Promise<Ownership> {
  const { rows } = await db.query<Ownership>(
    `INSERT INTO shard AS s (id, token, holder, address, epoch) VALUES ($1, 1, $2, $3, gen_random_uuid())
     ON CONFLICT (id) DO UPDATE SET token = s.token + 1, holder = excluded.holder, address = excluded.address
     RETURNING token, epoch::text`,
    [shard, name, address],
  );
  return rows[0] as Ownership;
}
