/** What PostgreSQL has counted of each database of the system. */
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { connectPostgres } from '../system/postgres.ts';

/** Counters since the server began. */
export type PostgresCounters = {
  /** By database, without its prefix: the name of the service that owns it, or `bus`. */
  commits: Map<string, number>;
  /** Statements, BEGIN and COMMIT included, by database; empty where the server does not count them. */
  statements: Map<string, number>;
  /** Transactions that wrote something, of all databases together. */
  writes: number;
  /** Bytes of the write-ahead log. */
  walBytes: number;
};

/** A statement of one database, with its counters. */
export type StatementCounters = { database: string; text: string; calls: number; rows: number; totalMs: number };

type CountRow = { name: string; count: string };

/**
 * A connection reports what it did within a second while it works, and ten seconds after its last statement when it is idle. Counters
 * of commits are exact when the system has been idle for as long.
 */
export const statisticsDelayMs = 10_300;

const ownDatabases = `datname LIKE 'outcry\\_%'`;
const commitsSql = `
  SELECT substr(datname, 8) AS name, xact_commit + xact_rollback AS count FROM pg_stat_database WHERE ${ownDatabases}`;
const statementsSql = `
  SELECT substr(datname, 8) AS name, sum(calls) AS count
  FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid WHERE ${ownDatabases} GROUP BY 1`;
const writesSql = `
  SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS writes, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal`;
const topSql = `
  SELECT substr(datname, 8) AS database, query AS text, calls, rows, total_exec_time AS "totalMs"
  FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid WHERE ${ownDatabases}`;

/** Reads the counters. */
export async function readPostgresCounters(
  system: RunningSystem,
  { statements }: { statements: boolean },
): Promise<PostgresCounters> {
  await using client = await connectPostgres(system, 'postgres');
  const [row] = await client.read<{ writes: string; wal: string }>(writesSql);
  return {
    commits: toMap(await client.read<CountRow>(commitsSql)),
    statements: statements ? toMap(await client.read<CountRow>(statementsSql)) : new Map(),
    writes: Number(row?.writes ?? 0),
    walBytes: Number(row?.wal ?? 0),
  };
}

/** Every statement that was counted, by `database text`. */
export async function readStatements(system: RunningSystem): Promise<Map<string, StatementCounters>> {
  await using client = await connectPostgres(system, 'postgres');
  const rows = await client.read<Record<keyof StatementCounters, string>>(topSql);
  const found = new Map<string, StatementCounters>();
  for (const { database, text, calls, rows: rowCount, totalMs } of rows) {
    const before = found.get(`${database} ${text}`);
    found.set(`${database} ${text}`, {
      database,
      text,
      calls: Number(calls) + (before?.calls ?? 0),
      rows: Number(rowCount) + (before?.rows ?? 0),
      totalMs: Number(totalMs) + (before?.totalMs ?? 0),
    });
  }
  return found;
}

function toMap(rows: readonly CountRow[]): Map<string, number> {
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}
