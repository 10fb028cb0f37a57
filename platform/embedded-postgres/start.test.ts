import { spawn } from 'node:child_process';
import { access, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '#platform/testing/free-port.ts';
import { ensureLibraryLinks } from './binaries.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts';

let folder: string;
const running: EmbeddedPostgres[] = [];
beforeEach(async () => {
  // Only its owner may enter it, as with a home folder or a `mktemp -d`.
  folder = await mkdtemp(join(tmpdir(), 'outcry-embedded-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

const options = async (overrides: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) => ({
  dataDirectory: join(folder, 'below', 'postgres'),
  port: await freePort(),
  password: 'p@ss word',
  settings: { fsync: 'off' },
  onLog: () => {},
  ...overrides,
});
const start = async (overrides: Parameters<typeof options>[0] = {}) => {
  const server = await startEmbeddedPostgres(await options(overrides));
  running.push(server);
  return server;
};

async function read(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query({ text: statement, rowMode: 'array' });
  await client.end();
  return rows.flat();
}

// A cluster that is made and synced to a disk that others use, and servers that start on it.
describe('startEmbeddedPostgres', { timeout: 60_000 }, () => {
  it('starts below a private folder, keeps its data over a stop, and is durable by default', async () => {
    const first = await start({ settings: {} });
    expect(await read(first.adminUrl, 'SHOW fsync')).toEqual(['on']);
    expect(await read(first.adminUrl, 'SHOW synchronous_commit')).toEqual(['on']);
    expect(await read(first.adminUrl, 'SHOW full_page_writes')).toEqual(['on']);
    await read(first.adminUrl, 'CREATE DATABASE one');
    await read(first.urlFor('one'), 'CREATE TABLE stored AS SELECT 1 AS number');
    await first.stop();
    const second = await start();
    expect(await read(second.urlFor('one'), 'SELECT number FROM stored')).toEqual([1]);
  });

  it('does not let anyone in without the password', async () => {
    const server = await start();
    const url = new URL(server.adminUrl);
    url.password = 'wrong';
    await expect(read(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('ends the server that a killed supervisor left running, and loses nothing', async () => {
    const script = `
      const { startEmbeddedPostgres } = await import('#platform/embedded-postgres/start.ts');
      const server = await startEmbeddedPostgres({ ...JSON.parse(process.argv[1]), onLog: () => {} });
      console.log(server.adminUrl);
      setInterval(() => {}, 1000);`;
    const supervisor = spawn(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(await options())], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const adminUrl = String(await new Promise((resolve) => supervisor.stdout.once('data', resolve))).trim();
    await read(adminUrl, 'CREATE TABLE stored AS SELECT 1 AS number');
    supervisor.kill('SIGKILL');
    const server = await start();
    expect(await read(server.adminUrl, 'SELECT number FROM stored')).toEqual([1]);
    await expect(read(adminUrl, 'SELECT 1')).rejects.toThrow();
  });

  it('is not held up by a lock file whose process number belongs to another program now', async () => {
    const first = await start();
    const lock = await readFile(join(folder, 'below/postgres/postmaster.pid'), 'utf8');
    await first.stop();
    await writeFile(join(folder, 'below/postgres/postmaster.pid'), lock.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await read(second.adminUrl, 'SELECT 1')).toEqual([1]);
  });

  it('says so when the port is in use, and leaves nothing running', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(start({ port })).rejects.toThrow(/Address already in use/);
    await expect(access(join(folder, 'below/postgres/postmaster.pid'))).rejects.toThrow();
    taken.close();
  });

  it('makes the cluster whole or not at all', async () => {
    const dataDirectory = join(folder, 'below', 'postgres');
    await mkdir(`${dataDirectory}.new/left-over`, { recursive: true });
    await start();
    await expect(access(`${dataDirectory}.new`)).rejects.toThrow();
    await expect(access(`${dataDirectory}.password`)).rejects.toThrow();
  });

  it('refuses the data of another major version', async () => {
    await mkdir(join(folder, 'below/postgres'), { recursive: true });
    await writeFile(join(folder, 'below/postgres/PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow('written by PostgreSQL 15');
  });
});

describe('ensureLibraryLinks', () => {
  it('makes the links that are missing, mends those that lead nowhere, and leaves the others', async () => {
    await mkdir(join(folder, 'native/lib'), { recursive: true });
    await writeFile(join(folder, 'native/lib/libpq.so.5.18'), 'library');
    await symlink('gone', join(folder, 'native/lib/libpq.so'));
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }));
    await writeFile(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));
    await Promise.all([ensureLibraryLinks(folder), ensureLibraryLinks(folder)]);
    for (const name of ['libpq.so', 'libpq.so.5']) {
      expect(await readFile(join(folder, 'native/lib', name), 'utf8')).toBe('library');
      expect((await lstat(join(folder, 'native/lib', name))).isSymbolicLink()).toBe(true);
    }
  });
});
