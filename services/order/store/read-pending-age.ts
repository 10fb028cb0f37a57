import type { Sql } from '#platform/postgres/sql.ts';

/** Orders without an outcome yet, and how old the oldest of them is, in seconds. */
export type PendingOrders = { count: number; oldestAgeSeconds: number };

const countMax = 10_000;

/** Counts pending orders, up to 10,000, those that were swept longest ago first. */
export async function readPendingAge(db: Sql): Promise<PendingOrders> {
  const { rows } = await db.query<{ count: bigint; age: number | null }>(
    `SELECT count(*) AS count, extract(epoch FROM clock_timestamp() - min(create_time))::float8 AS age
     FROM (SELECT create_time FROM orders WHERE state IN ('intent', 'submitting', 'compensating')
       ORDER BY sweep_time LIMIT $1) AS pending`,
    [countMax],
  );
  return { count: Number(rows[0]?.count ?? 0), oldestAgeSeconds: Math.max(0, rows[0]?.age ?? 0) };
}
