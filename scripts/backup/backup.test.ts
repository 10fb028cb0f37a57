import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { loadSecrets } from '../../supervisor/index.ts';
import { archiveSettings, findFreePortRange, identifyProcess } from '../../supervisor/testing/index.ts';
import { backUp } from './backup.ts';
import { restore } from './restore.ts';

let folder: string;
let data: string;
let wal: string;
let server: EmbeddedPostgres;
let client: pg.Client;
let backup: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcry-backup-'));
  data = join(folder, 'data');
  wal = join(folder, 'wal');
  await mkdir(data);
  const dataDirectory = join(data, 'postgres');
  const port = await findFreePortRange();
  const settings = await archiveSettings({ dataDirectory, walArchive: wal });
  const password = loadSecrets(data).postgresPassword;
  server = await startEmbeddedPostgres({ dataDirectory, port, password, settings, onLog: () => {} });
  const postgres = { ...identifyProcess(server.pid), port, dataDirectory };
  const run = { version: 1, supervisor: identifyProcess(process.pid), processes: [], postgres, walArchive: wal };
  await writeFile(join(data, 'run.json'), JSON.stringify(run));
  client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  await client.query('CREATE TABLE fact (number int)');
}, 60_000);

afterAll(async () => {
  await client?.end();
  await server?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);

/** A moment after the row was committed and before anything later is: a Date has milliseconds, a commit has microseconds. */
async function add(number: number): Promise<Date> {
  await client.query('INSERT INTO fact VALUES ($1)', [number]);
  await client.query('SELECT pg_sleep(0.01)');
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  await client.query('SELECT pg_sleep(0.01)');
  return rows[0]?.now as Date;
}

async function numbersIn(restored: string): Promise<number[]> {
  const dataDirectory = join(restored, 'postgres');
  const password = loadSecrets(restored).postgresPassword;
  const port = await findFreePortRange();
  const started = await startEmbeddedPostgres({ dataDirectory, port, password, onLog: () => {} });
  const reader = new pg.Client({ connectionString: started.adminUrl });
  await reader.connect();
  const { rows } = await reader.query<{ number: number }>('SELECT number FROM fact ORDER BY number');
  await reader.end();
  await started.stop();
  return rows.map(({ number }) => number);
}

describe('restore', { timeout: 60_000 }, () => {
  let between: Date;

  it('makes what was there at a moment between two transactions after the backup', async () => {
    await add(1);
    ({ folder: backup } = await backUp({ data, to: join(folder, 'backups'), now: new Date() }));
    between = await add(2);
    await add(3);
    const { rows } = await client.query<{ name: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS name');
    await eventually(async () => expect(await readdir(wal)).toContain(rows[0]?.name), { timeoutMs: 30_000 });
    const { lastCommitTime } = await restore({ from: backup, data: join(folder, 'at'), toTime: between });
    expect(await numbersIn(join(folder, 'at'))).toEqual([1, 2]);
    expect(lastCommitTime?.getTime()).toBeLessThanOrEqual(between.getTime());
  });

  it('replays all that was archived without a moment, and nothing without an archive', async () => {
    await restore({ from: backup, data: join(folder, 'all') });
    expect(await numbersIn(join(folder, 'all'))).toEqual([1, 2, 3]);
    await restore({ from: backup, data: join(folder, 'plain'), wal: '' });
    expect(await numbersIn(join(folder, 'plain'))).toEqual([1]);
  });

  it('says when the log does not reach the moment', async () => {
    const toTime = new Date(Date.now() + 3_600_000);
    await expect(restore({ from: backup, data: join(folder, 'late'), toTime })).rejects.toThrow(/recovery/);
  });

  it('refuses a folder that is in use, and a backup that is not whole', async () => {
    await expect(restore({ from: backup, data })).rejects.toThrow('is not empty');
    await expect(restore({ from: wal, data: join(folder, 'none') })).rejects.toThrow('no whole backup');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('backUp', () => {
  it('refuses a data folder on which nothing runs', async () => {
    await expect(backUp({ data: wal, to: folder, now: new Date() })).rejects.toThrow('nothing runs');
  });
});
