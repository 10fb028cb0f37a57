/** The exchange as one process with a PostgreSQL of its own, as durable as in production. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { testServiceKeyEnv } from '#platform/testing/service-keys.ts';
import { pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import type { Report } from '../report/report.ts';

/** A PostgreSQL with the settings of the product. */
export type BenchPostgres = AsyncDisposable & EmbeddedPostgres;

/** A running exchange. */
export type ExchangeProcess = AsyncDisposable & { pid: number; port: number };

const main = fileURLToPath(new URL('../../services/exchange/main.ts', import.meta.url));
const host = '127.0.0.1';
const database = 'exchange';
const readyTimeoutMs = 30_000;
const stopTimeoutMs = 15_000;
const lookMs = 50;
const durability = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** Starts a PostgreSQL on a new cluster in the folder, with an empty database for the exchange. */
export async function startPostgres(directory: string): Promise<BenchPostgres> {
  const server = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    port: await getPort({ host }),
    password: randomBytes(12).toString('hex'),
    onLog: () => {},
  });
  await query(server.adminUrl, `CREATE DATABASE ${database}`);
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}

/** Reports the durability settings of the server. Throws unless a commit waits for the disk. */
export async function requireDurable(server: EmbeddedPostgres, report: Report): Promise<void> {
  for (const name of ['server_version', ...durability]) {
    const [row] = await query(server.urlFor(database), `SHOW ${name}`);
    const value = String(row?.[name]);
    report.figure({ metric: `postgres.${name}`, value, unit: '' });
    if (durability.includes(name) && value !== 'on')
      throw new Error(`${name} is ${value}: the figures would mean nothing`);
  }
}

/** Runs one statement and returns its rows. */
export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the exchange and resolves when it holds its shard. */
export async function startExchange(
  server: EmbeddedPostgres,
  options: { nodeFlags: readonly string[]; signal: AbortSignal },
): Promise<ExchangeProcess> {
  const [port, adminPort] = [await getPort({ host }), await getPort({ host })];
  const env = {
    ...process.env,
    DATABASE_URL: server.urlFor(database),
    ...testServiceKeyEnv('exchange'),
    // No user calls: nothing listens there.
    USER_ADDRESS: `ipv4:${host}:1`,
    OUTCRY_PORT: String(port),
    OUTCRY_ADMIN_PORT: String(adminPort),
    LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, [...options.nodeFlags, main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    using _timer = startTimer(stopTimeoutMs, () => child.kill('SIGKILL'));
    await ended;
  };
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (!(await isReady(adminPort))) {
    if (child.exitCode !== null) throw new Error(`the exchange ended with ${child.exitCode}`);
    if (performance.now() > deadlineMs || options.signal.aborted) {
      await stop();
      throw new Error('the exchange did not become ready');
    }
    await pause(lookMs);
  }
  return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: stop };
}

async function isReady(adminPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${adminPort}/readyz`)).ok;
  } catch {
    return false;
  }
}
