/** A base backup of a running system. */

import { existsSync } from 'node:fs';
import { chown, cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { isRunning, loadSecrets, type RunFile, readRunFile } from '../../supervisor/index.ts';
import { type BackupDescription, companions, descriptionFile } from './layout.ts';

/** What was made. */
export type Backup = BackupDescription & { folder: string; seconds: number };

const connectTimeoutMs = 10_000;
const backupTimeoutMs = 3_600_000;

/**
 * Backs up the system that runs on the data folder, under `to`, in a folder named by the time, while it goes on. The server makes the backup
 * itself (the BASE_BACKUP command of its replication protocol, which pg_basebackup sends too), with the log that it needs to be consistent.
 * Rejects when nothing runs there, or when its database is a server of someone else's.
 */
export async function backUp({ data, to, now }: { data: string; to: string; now: Date }): Promise<Backup> {
  const startMs = performance.now();
  const run = requireRun(data);
  const folder = join(to, now.toISOString().replaceAll(/[:.]/g, '-'));
  await mkdir(to, { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 });
  await ownAsServer(folder, run.postgres.dataDirectory);
  const version = await sendBaseBackup(data, run.postgres.port, join(folder, 'postgres'));
  for (const name of companions)
    if (existsSync(join(data, name))) await cp(join(data, name), join(folder, name), { recursive: true });
  const { walArchive = '' } = run;
  const description: BackupDescription = { version: 1, startTime: now.toISOString(), postgres: version, walArchive };
  // Written last: a folder without it is no whole backup.
  await writeFile(join(folder, descriptionFile), `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
  return { ...description, folder, seconds: (performance.now() - startMs) / 1_000 };
}

type EmbeddedRun = RunFile & { postgres: NonNullable<RunFile['postgres']> };

function requireRun(data: string): EmbeddedRun {
  const run = readRunFile(data);
  if (run === undefined || !isRunning(run.supervisor)) throw new Error(`nothing runs on ${data}`);
  const { postgres } = run;
  if (postgres === undefined)
    throw new Error('DATABASE_URL names the server; back it up by its own means, as pgBackRest or WAL-G');
  return { ...run, postgres };
}

async function ownAsServer(folder: string, clusterDirectory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(clusterDirectory);
  await chown(folder, uid, gid);
}

/** Resolves to the version of the server. */
async function sendBaseBackup(data: string, port: number, folder: string): Promise<string> {
  const connection = {
    ...{ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', application_name: 'backup' },
    ...{ password: loadSecrets(data).postgresPassword, connectionTimeoutMillis: connectTimeoutMs },
  };
  const client = new pg.Client({
    ...{ ...connection, query_timeout: backupTimeoutMs },
    // Not among the driver's types: a connection for commands of replication.
    ...{ replication: 'database' },
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const options = `LABEL 'outcry', TARGET 'server', TARGET_DETAIL ${client.escapeLiteral(folder)}, CHECKPOINT 'fast', WAL true`;
    await client.query(`BASE_BACKUP (${options})`);
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end().catch(() => {});
  }
}
