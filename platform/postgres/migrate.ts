import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pause } from '#platform/time/pause.ts';
import { type DatabaseRetryOptions, withDatabaseRetry } from './retry.ts';
import type { Database, Sql } from './sql.ts';

/** The schema's files do not fit what the database has: a changed, doubled or late-numbered file. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

const platformDirectory = new URL('./migrations/', import.meta.url);
// Another process may be in the middle of a long migration, which is waited for.
const statementTimeoutMs = 600_000;
const waitEveryMs = 500;
const fileName = /^\d{4}-[a-z0-9-]+\.sql$/;

/** How to migrate: while `mayMigrate` is false, as in a canary, the schema is waited for. Default: true. */
export type MigrateOptions = DatabaseRetryOptions & { mayMigrate?: () => boolean };

/**
 * Brings the database to the newest schema: first the platform's own tables, then the files `NNNN-name.sql` of `directory`
 * in order, all in one transaction under one lock, so that any number of processes may start at once. Waits, with
 * backoff, until the database can be reached. A file that was applied before must not have changed (MigrationError).
 * Applied files that are missing here belong to a newer release and are left alone.
 */
export async function migrate(db: Database, directory: string | URL, options: MigrateOptions = {}): Promise<void> {
  await migratePlatform(db, options);
  await applyMigrations(db, 'service', directory, options);
}

/** Makes the platform's own tables (schema `platform`) only. */
export async function migratePlatform(db: Database, options: MigrateOptions = {}): Promise<void> {
  await applyMigrations(db, 'platform', platformDirectory, options);
}

/** As `migrate`, for one set of files: `source` names the set, as several live in one database. */
export async function applyMigrations(
  db: Database,
  source: string,
  directory: string | URL,
  options: MigrateOptions = {},
): Promise<void> {
  const { mayMigrate = () => true, signal, logger } = options;
  const files = await readMigrations(directory);
  const isDone = async () => {
    // A start that has nothing to migrate finds that out by statements of the usual bound: a connection that has died without a reset
    // would else hold it up for as long as a migration may take.
    if (await isApplied(db, source, files)) return true;
    if (!mayMigrate()) return false;
    await db.transaction((tx) => applyPending(tx, source, files), { statementTimeoutMs });
    return true;
  };
  for (let waits = 0; !(await withDatabaseRetry(isDone, options)); waits += 1) {
    if (waits === 0) logger?.warn({ source }, 'the database lacks migrations of this canary, which waits for them');
    await pause(waitEveryMs, signal);
  }
}

type Migration = { name: string; text: string; checksum: string };

async function readMigrations(directory: string | URL): Promise<Migration[]> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const numbers = new Set<string>();
  for (const name of names) {
    if (!fileName.test(name)) throw new MigrationError(`${name} is not named NNNN-name.sql`);
    if (numbers.has(name.slice(0, 4))) throw new MigrationError(`two migrations are numbered ${name.slice(0, 4)}`);
    numbers.add(name.slice(0, 4));
  }
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${folder.replace(/\/$/, '')}/${name}`, 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** Whether every file was applied as it is. */
async function isApplied(sql: Sql, source: string, files: readonly Migration[]): Promise<boolean> {
  const { rows: tables } = await sql.query<{ found: boolean }>(
    `SELECT to_regclass('platform.migration') IS NOT NULL AS found`,
  );
  if (tables[0]?.found !== true) return false;
  const applied = await readApplied(sql, source);
  return files.every(({ name, checksum }) => applied.get(name) === checksum);
}

/** Checksums of the files that were applied, by name in the order of their numbers. */
async function readApplied(sql: Sql, source: string): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM platform.migration WHERE source = $1 ORDER BY name',
    [source],
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function applyPending(tx: Sql, source: string, files: Migration[]): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('outcry.migrate', 0))`);
  await tx.query(`
    CREATE SCHEMA IF NOT EXISTS platform;
    CREATE TABLE IF NOT EXISTS platform.migration (
      source text NOT NULL,
      name text NOT NULL,
      checksum text NOT NULL,
      apply_time timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (source, name)
    )`);
  const applied = await readApplied(tx, source);
  const newest = [...applied.keys()].at(-1) ?? '';
  for (const file of files) {
    const checksum = applied.get(file.name);
    if (checksum === undefined) await applyOne(tx, source, file, newest);
    else if (checksum !== file.checksum) {
      throw new MigrationError(`${source} migration ${file.name} was changed after it had been applied`);
    }
  }
}

async function applyOne(tx: Sql, source: string, file: Migration, newest: string): Promise<void> {
  if (file.name < newest) {
    throw new MigrationError(`${source} migration ${file.name} is numbered below ${newest}, which was applied before`);
  }
  await tx.query(file.text);
  await tx.query('INSERT INTO platform.migration (source, name, checksum) VALUES ($1, $2, $3)', [
    source,
    file.name,
    file.checksum,
  ]);
}
