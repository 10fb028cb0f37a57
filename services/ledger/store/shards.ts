import type { Sql } from '#platform/postgres/database.ts';

/** Where and why settlement of a shard stands still. */
export type Halt = { sequence: bigint; cause: string };

/** What settlement knows of a shard beside its position. */
export type ShardRecord = { epoch: string | undefined; halt: Halt | undefined };

/** The record of a shard; empty for one that nothing was settled of. */
export async function readShard(sql: Sql, shard: number): Promise<ShardRecord> {
  const { rows } = await sql.query<{ epoch: string | null; halt_sequence: bigint | null; halt_cause: string | null }>(
    'SELECT epoch, halt_sequence, halt_cause FROM shard WHERE shard = $1',
    [shard],
  );
  const row = rows[0];
  return {
    epoch: row?.epoch ?? undefined,
    halt: row?.halt_sequence == null ? undefined : { sequence: row.halt_sequence, cause: row.halt_cause ?? '' },
  };
}

/** All shards that stand still. */
export async function readHalts(sql: Sql): Promise<{ shard: number; sequence: bigint; cause: string }[]> {
  const { rows } = await sql.query<{ shard: number; sequence: bigint; cause: string }>(
    `SELECT shard, halt_sequence AS sequence, halt_cause AS cause FROM shard WHERE halt_sequence IS NOT NULL ORDER BY shard`,
  );
  return rows;
}

/** Remembers the epoch of the feed that is being followed. */
export async function saveEpoch(sql: Sql, shard: number, epoch: string): Promise<void> {
  await sql.query(
    'INSERT INTO shard (shard, epoch) VALUES ($1, $2) ON CONFLICT (shard) DO UPDATE SET epoch = coalesce(shard.epoch, $2)',
    [shard, epoch],
  );
}

/** Stops settlement of a shard before a sequence. Returns false when it stood still already. */
export async function saveHalt(tx: Sql, shard: number, halt: Halt): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO shard (shard, halt_sequence, halt_cause, halt_time) VALUES ($1, $2, $3, now())
     ON CONFLICT (shard) DO UPDATE
       SET halt_sequence = excluded.halt_sequence, halt_cause = excluded.halt_cause, halt_time = excluded.halt_time
       WHERE shard.halt_sequence IS NULL`,
    [shard, halt.sequence, halt.cause],
  );
  return rowCount === 1;
}
