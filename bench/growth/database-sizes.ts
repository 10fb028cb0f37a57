/** How large the databases of a running system are, from PostgreSQL's own accounts. */

import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { connectPostgres } from '../system/postgres.ts';

/** Sizes at one moment, in bytes. */
export type DatabaseSizes = {
  /** By database. */
  databases: Map<string, number>;
  /** By `database.schema.table`, with indexes and everything else of the table. */
  tables: Map<string, number>;
  /** Write-ahead log written since the cluster was made; old files are used again, so this much is never kept. */
  walWritten: number;
  /** Write-ahead log on the disk. */
  walKept: number;
};

type SizeRow = { name: string; bytes: string };

const databasesSql = `SELECT datname AS name, pg_database_size(datname) AS bytes FROM pg_database WHERE datname LIKE 'outcry%'`;
const walSql = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS written, (SELECT sum(size) FROM pg_ls_waldir()) AS kept`;
const tablesSql = `
  SELECT schemaname || '.' || relname AS name, pg_total_relation_size(relid) AS bytes FROM pg_stat_user_tables`;

/** Measures every database of the system. */
export async function measureDatabases(system: RunningSystem): Promise<DatabaseSizes> {
  await using client = await connectPostgres(system, 'postgres');
  const databases = toMap(await client.read<SizeRow>(databasesSql));
  const [wal] = await client.read<{ written: string; kept: string }>(walSql);
  const tables = new Map<string, number>();
  for (const database of databases.keys()) {
    await using inside = await connectPostgres(system, database);
    for (const { name, bytes } of await inside.read<SizeRow>(tablesSql))
      tables.set(`${database}.${name}`, Number(bytes));
  }
  return { databases, tables, walWritten: Number(wal?.written ?? 0), walKept: Number(wal?.kept ?? 0) };
}

function toMap(rows: readonly SizeRow[]): Map<string, number> {
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}
