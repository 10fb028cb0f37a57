import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { pause } from '#platform/time/pause.ts';
import { openDatabase } from './database.ts';
import { MigrationError, migrate } from './migrate.ts';

let db: OpenTestDatabase;
let directory: string;
beforeEach(async () => {
  db = await openTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'outcry-migrations-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
  await db[Symbol.asyncDispose]();
});

const write = (name: string, text: string) => writeFile(join(directory, name), text);

const migrateScript = `
  const { openDatabase } = await import('#platform/postgres/database.ts');
  const { migrate } = await import('#platform/postgres/migrate.ts');
  const { createLogger } = await import('#platform/telemetry/logger.ts');
  const logger = createLogger({ service: 'test', level: 'silent' });
  const db = openDatabase({ url: process.argv[1], applicationName: 'migrate', logger });
  await migrate(db, process.argv[2]);
  await db[Symbol.asyncDispose]();
`;

function migrateInProcess(): Promise<number | null> {
  const args = ['--input-type=module', '-e', migrateScript, db.url, directory];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => child.on('close', resolve));
}

describe('migrate', () => {
  it('applies the files in order, and only those that are new', async () => {
    await write('0002-b.sql', 'INSERT INTO a VALUES (2);');
    await write('0001-a.sql', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);');
    await migrate(db, directory);
    await write('0003-c.sql', 'INSERT INTO a VALUES (3);');
    await migrate(db, directory);
    await migrate(db, directory);
    const { rows } = await db.query('SELECT id FROM a');
    expect(rows).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  it('applies each file once when two processes start together', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int); SELECT pg_sleep(0.2); INSERT INTO a VALUES (1);');
    expect(await Promise.all([migrateInProcess(), migrateInProcess()])).toEqual([0, 0]);
    const { rows } = await db.query('SELECT id FROM a');
    expect(rows).toEqual([{ id: 1 }]);
  });

  it('refuses a file that was changed after it had been applied', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int);');
    await migrate(db, directory);
    await write('0001-a.sql', 'CREATE TABLE a (id bigint);');
    await expect(migrate(db, directory)).rejects.toThrow(MigrationError);
  });

  it('leaves nothing behind when a file fails', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int);');
    await write('0002-b.sql', 'CREATE TABLE b (id int); SELECT 1/0;');
    await expect(migrate(db, directory)).rejects.toMatchObject({ code: '22012' });
    const { rows } = await db.query(`SELECT to_regclass('a') AS a, to_regclass('b') AS b`);
    expect(rows).toEqual([{ a: null, b: null }]);
  });

  it('refuses names out of form, doubled numbers, and a number below what was applied', async () => {
    await write('first.sql', '');
    await expect(migrate(db, directory)).rejects.toThrow('NNNN-name.sql');
    await rm(join(directory, 'first.sql'));
    await write('0002-b.sql', 'SELECT 1');
    await migrate(db, directory);
    await write('0001-a.sql', 'SELECT 1');
    await expect(migrate(db, directory)).rejects.toThrow('numbered below');
    await write('0002-c.sql', 'SELECT 1');
    await expect(migrate(db, directory)).rejects.toThrow('two migrations');
  });

  it('leaves the schema of a newer release alone', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int);');
    await write('0002-b.sql', 'CREATE TABLE b (id int);');
    await migrate(db, directory);
    await rm(join(directory, '0002-b.sql'));
    await expect(migrate(db, directory)).resolves.toBeUndefined();
  });

  it('changes nothing while it may not migrate, and goes on when another process has migrated or it may', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int);');
    let looks = 0;
    let mayMigrate = false;
    const options = () => ({ mayMigrate: () => ++looks > 0 && mayMigrate });
    const [promoted, ready] = [migrate(db, directory, options()), migrate(db, directory, options())];
    await expect.poll(() => looks).toBeGreaterThan(3);
    const { rows } = await db.query(`SELECT to_regnamespace('platform') AS platform, to_regclass('a') AS a`);
    expect(rows).toEqual([{ platform: null, a: null }]);
    mayMigrate = true;
    await Promise.all([promoted, ready]);
    mayMigrate = false;
    await expect(migrate(db, directory, options())).resolves.toBeUndefined();
  });

  it('is tried again while another holds a lock that it needs, and holds no one up in between', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int);');
    await migrate(db, directory);
    await write('0002-b.sql', 'ALTER TABLE a ADD COLUMN b int;');
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = db.transaction(async (tx) => {
      await tx.query('SELECT FROM a');
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const short = { lockTimeoutMs: 50, lockAttemptsMax: 2 };
    await expect(migrate(db, directory, short)).rejects.toThrow(
      'service migration 0002-b.sql got no lock that others hold, in 2 attempts',
    );
    const migrating = migrate(db, directory, { lockTimeoutMs: 50, lockAttemptsMax: 20 });
    await pause(200);
    release.resolve();
    await Promise.all([holding, migrating]);
    expect((await db.query('SELECT b FROM a')).rows).toEqual([]);
  });

  it('waits for a database that is not there yet', async () => {
    await write('0001-a.sql', 'CREATE TABLE a (id int);');
    const url = new URL(db.url);
    url.pathname = `${url.pathname}_late`;
    const late = openDatabase({ url: url.href, applicationName: 'test', logger: silentLogger });
    const migrating = migrate(late, directory, { delayMaxMs: 200 });
    await pause(250);
    await db.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
    await expect(migrating).resolves.toBeUndefined();
    await late[Symbol.asyncDispose]();
    await db.query(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`);
  });

  it('stops waiting when its signal aborts', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/nowhere';
    const nowhere = openDatabase({ url, applicationName: 'test', logger: silentLogger });
    await expect(migrate(nowhere, directory, { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
    await nowhere[Symbol.asyncDispose]();
  });
});
