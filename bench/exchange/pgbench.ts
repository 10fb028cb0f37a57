/** Runs pgbench of the machine's own PostgreSQL package, if there is one, against the server of the exchange. */
import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { promisify } from 'node:util';
import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { query } from './exchange-process.ts';

const run = promisify(execFile);
const database = 'pgbench';
const scale = 50;
const clients = 8;
const threads = 2;

/** The program's path; undefined where it is not installed. */
export function findPgbench(): string | undefined {
  const installed = globSync('/usr/lib/postgresql/*/bin/pgbench').sort().reverse();
  return [...installed, '/usr/bin/pgbench', '/usr/local/bin/pgbench'].find((path) => existsSync(path));
}

/** Transactions a second of TPC-B at scale 50, prepared, from 8 clients. */
export async function runPgbench(
  program: string,
  server: Pick<EmbeddedPostgres, 'adminUrl' | 'urlFor'>,
  options: { seconds: number; signal: AbortSignal },
): Promise<number> {
  await query(server.adminUrl, `CREATE DATABASE ${database}`);
  const url = new URL(server.urlFor(database));
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(url.password) };
  const target = ['-h', url.hostname, '-p', url.port, '-U', url.username, database];
  const { signal } = options;
  await run(program, ['-i', '-q', '-s', String(scale), ...target], { env, signal });
  const load = ['-M', 'prepared', '-c', String(clients), '-j', String(threads), '-T', String(options.seconds)];
  const { stdout } = await run(program, [...load, ...target], { env, signal });
  return parseTransactionRate(stdout);
}

/** The rate in pgbench's report. Throws when there is none. */
export function parseTransactionRate(output: string): number {
  const found = /^tps = ([\d.]+)/m.exec(output)?.[1];
  if (found === undefined) throw new Error('pgbench reported no rate');
  return Number(found);
}
