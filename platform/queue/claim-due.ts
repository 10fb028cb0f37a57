/** Work queues that are tables of a service: a replica claims due rows for a while, after which they are due again. */
import type { Sql } from '#platform/postgres/sql.ts';

/** A table that is a queue. Its rows have `attempts` (integer) and `next_attempt_time` (timestamptz). */
export type QueueTable = {
  name: string;
  /** The column of its primary key. */
  key: string;
  /** SQL condition of the rows that still need work. */
  isPending: string;
  /**
   * Whether `next_attempt_time` is of the market's clock, which may stand still or run fast. How long a claim lasts is of the machine's clock:
   * such a table has `claimed_until` (timestamptz) for it, which is also how long a failed attempt waits (`claimedFor`).
   */
  isOfMarket?: boolean;
};

/** How many rows to claim, and for how long: longer than the work on one takes. */
export type Claim = { limit: number; nowMs: number; leaseMs: number };

/**
 * Claims up to `limit` pending rows that are due at `nowMs`, by statement: one attempt is counted, and no other claim gets them before
 * `leaseMs` are over. `select` reads what it returns from `claimed`, which has the columns of the table.
 */
export async function claimDue<R extends object>(
  sql: Sql,
  { name, key, isPending, isOfMarket = false }: QueueTable,
  select: string,
  { limit, nowMs, leaseMs }: Claim,
): Promise<R[]> {
  const [isFree, hold] = isOfMarket
    ? ['claimed_until <= clock_timestamp()', `claimed_until = ${claimedFor('$3')}`]
    : ['true', "next_attempt_time = $2::timestamptz + $3::double precision * interval '1 ms'"];
  const { rows } = await sql.query<R>(
    `WITH claimed AS (
       UPDATE ${name} SET attempts = attempts + 1, ${hold}
       WHERE ${key} = ANY (ARRAY(
         SELECT ${key} FROM ${name} WHERE ${isPending} AND next_attempt_time <= $2::timestamptz AND ${isFree}
         ORDER BY next_attempt_time LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING *)
     ${select}`,
    [limit, new Date(nowMs), leaseMs],
  );
  return rows;
}

/** SQL of a value of `claimed_until`: so many ms from now, by a parameter such as `$3`. */
export function claimedFor(parameter: string): string {
  return `clock_timestamp() + ${parameter}::double precision * interval '1 ms'`;
}

/** SQL condition of the row with the key $1 as long as it is pending and no other claim followed the one that counted attempt $2. */
export function stillClaimed({ key, isPending }: QueueTable): string {
  return `${key} = $1 AND attempts = $2 AND ${isPending}`;
}
