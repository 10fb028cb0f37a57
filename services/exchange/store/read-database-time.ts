import type { Sql } from '#platform/postgres/sql.ts';

/** The time of the database's clock, Unix milliseconds. */
export async function readDatabaseTime(db: Sql): Promise<number> {
  const { rows } = await db.query<{ time_ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS time_ms',
  );
  return rows[0]?.time_ms ?? Number.NaN;
}
