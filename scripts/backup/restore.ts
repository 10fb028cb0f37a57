/** A data folder made from a backup and the archived log. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgresBinaries } from '#platform/embedded-postgres/binaries.ts';
import { chooseServerIdentity } from '#platform/embedded-postgres/server-identity.ts';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { loadSecrets } from '../../supervisor/index.ts';
import { findFreePortRange } from '../../supervisor/testing/index.ts';
import { type BackupDescription, companions, descriptionFile } from './layout.ts';

/** What to restore, and to where. */
export type RestoreOptions = {
  /** Folder of the backup. */
  from: string;
  /** Data folder to make; it must not be there, or be empty. */
  data: string;
  /** Folder of the archived log; default the one that the backup names. */
  wal?: string | undefined;
  /** The moment to restore to; default the end of the archived log. */
  toTime?: Date | undefined;
};

/** What came of it. */
export type Restored = {
  seconds: number;
  /** Commit time of the last transaction that is in it; undefined: none was replayed after the backup's own. */
  lastCommitTime: Date | undefined;
};

const run = promisify(execFile);
const recoveryTimeoutMs = 3_600_000;

/**
 * Restores a backup, and replays the archived log up to the moment. The data folder can then be started with `npm start -- --data`. Rejects
 * when the folder is in use, when the backup is not whole, or when the log does not reach the moment.
 */
export async function restore({ from, data, wal, toTime }: RestoreOptions): Promise<Restored> {
  const startMs = performance.now();
  const description = await readDescription(from);
  const archive = wal ?? description.walArchive;
  if (toTime !== undefined && archive === '') throw new Error('a moment needs the archived log: --wal DIR');
  if (existsSync(data) && readdirSync(data).length > 0) throw new Error(`${data} is not empty`);
  await mkdir(data, { recursive: true });
  const cluster = join(data, 'postgres');
  await mkdir(cluster, { mode: 0o700 });
  await run('tar', ['-xf', join(from, 'postgres', 'base.tar'), '-C', cluster]);
  for (const name of companions)
    if (existsSync(join(from, name))) await cp(join(from, name), join(data, name), { recursive: true });
  await ownByServer(cluster);
  const lastCommitTime = await recover({ data, cluster, archive, toTime });
  return { seconds: (performance.now() - startMs) / 1_000, lastCommitTime };
}

async function readDescription(from: string): Promise<BackupDescription> {
  const text = await readFile(join(from, descriptionFile), 'utf8').catch(() => {
    throw new Error(`${from} is no whole backup: it has no ${descriptionFile}`);
  });
  return JSON.parse(text) as BackupDescription;
}

/** PostgreSQL does not run as root, so root gives the cluster to the server's user. */
async function ownByServer(cluster: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await run('chown', ['-R', '0:0', cluster]);
  const { uid, gid } = await chooseServerIdentity(cluster, (await findPostgresBinaries()).postgres);
  if (uid !== undefined) await run('chown', ['-R', `${uid}:${gid ?? uid}`, cluster]);
}

type Recovery = { data: string; cluster: string; archive: string; toTime: Date | undefined };

async function recover({ data, cluster, archive, toTime }: Recovery): Promise<Date | undefined> {
  const automatic = join(cluster, 'postgresql.auto.conf');
  const before = await readFile(automatic, 'utf8');
  if (archive !== '') {
    await appendFile(automatic, recoverySettings(archive, toTime));
    await writeFile(join(cluster, 'recovery.signal'), '');
  }
  await ownByServer(cluster);
  const log: string[] = [];
  const server = await startEmbeddedPostgres({
    ...{ dataDirectory: cluster, port: await findFreePortRange(), password: loadSecrets(data).postgresPassword },
    // Ready only once the log is replayed.
    settings: { hot_standby: 'off', log_min_messages: 'log' },
    readyTimeoutMs: recoveryTimeoutMs,
    onLog: (line) => void log.push(line),
  }).catch((error: Error) => {
    throw new Error(log.find((line) => line.includes('FATAL')) ?? error.message);
  });
  try {
    return await readLastCommit(server.adminUrl);
  } finally {
    await server.stop();
    // A later restart must not recover again.
    await writeFile(automatic, before);
    await rm(join(cluster, 'recovery.signal'), { force: true });
  }
}

function recoverySettings(archive: string, toTime: Date | undefined): string {
  const quote = (value: string) => `'${value.replaceAll("'", "''")}'`;
  return [
    '',
    `restore_command = ${quote(`cp "${archive}/%f" "%p"`)}`,
    ...(toTime === undefined ? [] : [`recovery_target_time = ${quote(toTime.toISOString().replace('Z', '+00'))}`]),
    `recovery_target_action = 'promote'`,
    '',
  ].join('\n');
}

async function readLastCommit(url: string): Promise<Date | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ time: Date | null }>('SELECT pg_last_xact_replay_timestamp() AS time');
    return rows[0]?.time ?? undefined;
  } finally {
    await client.end();
  }
}
