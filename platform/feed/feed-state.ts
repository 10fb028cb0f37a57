/** What a consumer stores of a feed beside its position: the feed's epoch, and where and why the consumer has halted. */
import type { Sql } from '#platform/postgres/sql.ts';

/** The entry at which a consumer has halted, and the cause. Only an operator lifts a halt. */
export type Halt = { sequence: bigint; cause: string };

/** How far a feed was applied. */
export type FeedState = {
  /** The last sequence that was applied; 0 when none was. */
  sequence: bigint;
  /** The epoch of the feed that the sequence belongs to; empty when none was seen. */
  epoch: string;
  halt: Halt | undefined;
};

/** The state of a feed's consumer; zero and empty for a feed of which nothing was applied. */
export async function readFeedState(sql: Sql, feed: string): Promise<FeedState> {
  type Row = { sequence: bigint; epoch: string; halt_sequence: bigint | null; halt_cause: string | null };
  const { rows } = await sql.query<Row>(
    'SELECT sequence, epoch, halt_sequence, halt_cause FROM platform.feed_position WHERE name = $1',
    [feed],
  );
  const row = rows[0];
  if (row === undefined) return { sequence: 0n, epoch: '', halt: undefined };
  const { sequence, epoch, halt_sequence: haltSequence, halt_cause: cause } = row;
  return { sequence, epoch, halt: haltSequence === null ? undefined : { sequence: haltSequence, cause: cause ?? '' } };
}

/** All halted feeds, by name. */
export async function readHalts(sql: Sql): Promise<(Halt & { feed: string })[]> {
  const { rows } = await sql.query<Halt & { feed: string }>(
    `SELECT name AS feed, halt_sequence AS sequence, coalesce(halt_cause, '') AS cause
     FROM platform.feed_position WHERE halt_sequence IS NOT NULL ORDER BY name`,
  );
  return rows;
}

/** Stores the epoch of a feed when the first of its entries is about to be applied. */
export async function saveEpoch(sql: Sql, feed: string, epoch: string): Promise<void> {
  await sql.query(
    `INSERT INTO platform.feed_position (name, sequence, epoch) VALUES ($1, 0, $2)
     ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch`,
    [feed, epoch],
  );
}

/** Begins a feed anew at sequence 0 of another epoch. */
export async function restartFeed(sql: Sql, feed: string, epoch: string): Promise<void> {
  await sql.query('UPDATE platform.feed_position SET sequence = 0, epoch = $2, update_time = now() WHERE name = $1', [
    feed,
    epoch,
  ]);
}

/** Stores a halt. Returns false when the feed had halted already. */
export async function saveHalt(tx: Sql, feed: string, halt: Halt): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO platform.feed_position AS position (name, sequence, halt_sequence, halt_cause, halt_time)
     VALUES ($1, 0, $2, $3, now())
     ON CONFLICT (name) DO UPDATE
       SET halt_sequence = excluded.halt_sequence, halt_cause = excluded.halt_cause, halt_time = excluded.halt_time
       WHERE position.halt_sequence IS NULL`,
    [feed, halt.sequence, halt.cause],
  );
  return rowCount === 1;
}
