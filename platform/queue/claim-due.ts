/** Work queues that are tables of a service: a replica claims due rows for a while, after which they are due again. */
import type { Sql } from '#platform/postgres/sql.ts';

/** A table that is a queue. Its rows have `attempts` (integer) and `next_attempt_time` (timestamptz). */
export type QueueTable = {
  name: string;
  /** The column of its primary key. */
  key: string;
  /** SQL condition of the rows that still need work. */
  isPending: string;
};

/** How many rows to claim, and for how long: longer than the work on one takes. */
export type Claim = { limit: number; nowMs: number; leaseMs: number };

/**
 * Claims up to `limit` pending rows that are due, by statement: one attempt is counted, and no other claim gets them before `leaseMs` are
 * over. `select` reads what it returns from `claimed`, which has the columns of the table.
 */
export async function claimDue<R extends object>(
  sql: Sql,
  { name, key, isPending }: QueueTable,
  select: string,
  { limit, nowMs, leaseMs }: Claim,
): Promise<R[]> {
  const { rows } = await sql.query<R>(
    `WITH claimed AS (
       UPDATE ${name} SET attempts = attempts + 1, next_attempt_time = $3
       WHERE ${key} = ANY (ARRAY(
         SELECT ${key} FROM ${name} WHERE ${isPending} AND next_attempt_time <= $2
         ORDER BY next_attempt_time LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING *)
     ${select}`,
    [limit, new Date(nowMs), new Date(nowMs + leaseMs)],
  );
  return rows;
}

/** SQL condition of the row with the key $1 as long as it is pending and no other claim followed the one that counted attempt $2. */
export function stillClaimed({ key, isPending }: QueueTable): string {
  return `${key} = $1 AND attempts = $2 AND ${isPending}`;
}
