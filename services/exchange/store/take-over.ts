import type { Sql } from '#platform/postgres/sql.ts';

/** The right to write a shard's journal. */
export type Tenure = { token: bigint; epoch: string };

/** Who takes a shard over: a name unique among processes, and the `host:port` that takes its calls. */
export type Claimant = { holder: string; address: string };

/**
 * Makes the caller the shard's only writer: once this is committed, no append under an older token can succeed. The first call
 * makes the shard and names its history.
 */
export async function takeOver(db: Sql, shard: number, { holder, address }: Claimant): Promise<Tenure> {
  const { rows } = await db.query<Tenure>(
    `INSERT INTO shard AS s (id, token, holder, address, epoch) VALUES ($1, 1, $2, $3, gen_random_uuid())
     ON CONFLICT (id) DO UPDATE SET token = s.token + 1, holder = excluded.holder, address = excluded.address
     RETURNING token, epoch::text`,
    [shard, holder, address],
  );
  return rows[0] as Tenure;
}
