import type { Sql } from '#platform/postgres/sql.ts';
import { queueChannel } from './publish-events.ts';

/**
 * How long a queue stays with its holder without a statement of it: a holder that died is replaced after that. A holder that loses it too
 * early does no harm.
 */
export const leaseTtlMs = 10_000;
/** An idle holder looks, and thereby prolongs its lease, this often. */
export const pollMs = 4_000;

/** A queue as its holder takes it over. */
export type QueueLease = {
  queue: string;
  /** Rises with each holder; statements with an earlier one change nothing. */
  token: bigint;
  /** Sequence of the last event that was handled. */
  position: bigint;
  /** All types of the queue, also those that this release does not take. */
  types: string[];
  /** Holders in a row that ended without a word before the position moved. */
  unfinished: number;
};

type Row = { token: bigint | null; position: bigint; types: string[]; unfinished: number; remaining_ms: number };

/**
 * Takes the queue if it is free; otherwise resolves to the time in ms until it may be. What earlier releases have set aside because they do
 * not take its type is due now if it is one of `types`.
 */
export async function takeQueue(
  db: Sql,
  { queue, holder, types }: { queue: string; holder: string; types: string[] },
): Promise<QueueLease | { remainingMs: number }> {
  const { rows } = await db.query<Row>(
    `WITH taken AS (
       UPDATE bus.queue
       SET holder = $2, token = token + 1, expire_time = clock_timestamp() + $4 * interval '1 ms',
         unfinished = unfinished + CASE WHEN holder = '' THEN 0 ELSE 1 END
       WHERE name = $1 AND expire_time < clock_timestamp()
       RETURNING token, position, types, unfinished
     ), due AS (
       UPDATE bus.retry SET due_time = clock_timestamp()
       FROM taken
       WHERE retry.queue = $1 AND retry.due_time = 'infinity' AND retry.dead_time IS NULL AND retry.type = ANY ($3)
     )
     SELECT taken.*, (extract(epoch FROM queue.expire_time - clock_timestamp()) * 1000)::float8 AS remaining_ms
     FROM bus.queue LEFT JOIN taken ON true
     WHERE name = $1`,
    [queue, holder, types, leaseTtlMs],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`the queue ${queue} is gone`);
  if (row.token === null) return { remainingMs: Math.max(0, row.remaining_ms) };
  return { queue, token: row.token, position: row.position, types: row.types, unfinished: row.unfinished };
}

/** Prolongs the lease while its holder is at work; false when it is lost. */
export async function renewQueue(db: Sql, { queue, token }: QueueLease): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE bus.queue SET expire_time = clock_timestamp() + $3 * interval '1 ms' WHERE name = $1 AND token = $2`,
    [queue, token, leaseTtlMs],
  );
  return rowCount === 1;
}

/** Saves the position and lets another process take the queue at once. */
export async function releaseQueue(db: Sql, { queue, token }: QueueLease, position: bigint): Promise<void> {
  await db.query(
    `WITH released AS (
       UPDATE bus.queue
       SET position = greatest(position, $3), unfinished = 0, holder = '', expire_time = 'epoch'
       WHERE name = $1 AND token = $2
       RETURNING 1
     )
     SELECT pg_notify($4, 'free') FROM released`,
    [queue, token, position, queueChannel(queue)],
  );
}
