import type { Sql } from '#platform/postgres/database.ts';

/** The feed's history was lost: nothing of it may be applied until an operator has looked. */
export class EpochChangedError extends Error {
  override name = 'EpochChangedError';
}

/** Keeps the epoch of a shard's feed when it is first seen. Throws EpochChangedError when it is another than the kept one. */
export async function keepEpoch(db: Sql, shard: number, epoch: string): Promise<void> {
  const { rows } = await db.query<{ epoch: string }>(
    `WITH kept AS (INSERT INTO feed_epochs (shard, epoch) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING epoch)
     SELECT epoch FROM kept UNION ALL SELECT epoch FROM feed_epochs WHERE shard = $1 LIMIT 1`,
    [shard, epoch],
  );
  const kept = rows[0]?.epoch;
  if (kept !== epoch) throw new EpochChangedError(`the feed of shard ${shard} has epoch ${epoch} after ${kept}`);
}
