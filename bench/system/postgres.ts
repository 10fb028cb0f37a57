import pg from 'pg';
import { loadSecrets } from '../../supervisor/index.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';

/** A connection to the system's embedded PostgreSQL, to look at it from outside. */
export type PostgresReader = AsyncDisposable & { read<R>(statement: string): Promise<R[]> };

const timeoutMs = 30_000;

/** Connects to one database as the superuser. Rejects when the system has no embedded PostgreSQL. */
export async function connectPostgres(system: RunningSystem, database: string): Promise<PostgresReader> {
  const { postgres } = system.run();
  if (!postgres) throw new Error('the system uses a PostgreSQL of its own: unset DATABASE_URL');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: postgres.port,
    user: 'postgres',
    password: loadSecrets(system.dataDirectory).postgresPassword,
    database,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => {});
  await client.connect();
  return {
    read: async <R>(statement: string) => (await client.query(statement)).rows as R[],
    [Symbol.asyncDispose]: () => client.end(),
  };
}
