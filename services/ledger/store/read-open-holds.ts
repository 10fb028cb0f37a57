import type { Sql } from '#platform/postgres/sql.ts';

/** Open holds, and when the oldest of those counted was taken, Unix ms; undefined: there is none. */
export type OpenHolds = { count: number; oldestMs: number | undefined };

/** Counts open holds up to `max`; beyond it the oldest may be among those that were not counted. */
export async function readOpenHolds(sql: Sql, max: number): Promise<OpenHolds> {
  const { rows } = await sql.query<{ count: bigint; oldest: Date | null }>(
    `SELECT count(*) AS count, min(create_time) AS oldest
     FROM (SELECT create_time FROM hold WHERE state = 'open' LIMIT $1) AS open`,
    [max],
  );
  return { count: Number(rows[0]?.count ?? 0), oldestMs: rows[0]?.oldest?.getTime() };
}
