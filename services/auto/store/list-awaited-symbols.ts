import type { Sql } from '#platform/postgres/sql.ts';

/** The symbols of waiting price triggers, in order. */
export async function listAwaitedSymbols(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ symbol: string }>(
    `SELECT DISTINCT symbol FROM rule WHERE state = 'enabled' AND symbol IS NOT NULL ORDER BY symbol`,
  );
  return rows.map(({ symbol }) => symbol);
}
