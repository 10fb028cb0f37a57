import type { Sql } from './sql.ts';

/** A lease as its row shows it. */
export type LeaseState = { name: string; holder: string; token: bigint; remainingMs: number };

/** The leases of a database, by name, at most `limit`; 0 ms remain of one that is free or over. */
export async function readLeases(sql: Sql, limit: number): Promise<LeaseState[]> {
  const { rows } = await sql.query<{ name: string; holder: string; token: bigint; remaining_ms: number }>(
    `SELECT name, holder, token,
       greatest(0, extract(epoch FROM expire_time - clock_timestamp()) * 1000)::float8 AS remaining_ms
     FROM platform.lease ORDER BY name LIMIT $1`,
    [limit],
  );
  return rows.map(({ name, holder, token, remaining_ms: remainingMs }) => ({ name, holder, token, remainingMs }));
}
