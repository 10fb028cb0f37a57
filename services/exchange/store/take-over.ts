import type { Sql } from '#platform/postgres/sql.ts';

/** The right to write a shard's journal. */
export type Tenure = { token: bigint; epoch: string };

/**
 * Makes the caller the shard's only writer: once this is committed, no append under an older token can succeed. The first call
 * makes the shard and names its history.
 */
export async function takeOver(db: Sql, shard: number, holder: string): Promise<Tenure> {
  const { rows } = await db.query<Tenure>(
    `INSERT INTO shard AS s (id, token, holder, epoch) VALUES ($1, 1, $2, gen_random_uuid())
     ON CONFLICT (id) DO UPDATE SET token = s.token + 1, holder = excluded.holder
     RETURNING token, epoch::text`,
    [shard, holder],
  );
  return rows[0] as Tenure;
}
