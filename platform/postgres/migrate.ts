import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { failureCode } from './failures.ts';
import { type DatabaseRetryOptions, withDatabaseRetry } from './retry.ts';
import type { Database, Sql } from './sql.ts';

/** The schema's files do not fit what the database has: a changed, doubled or late-numbered file; or a lock that others hold. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

const platformDirectory = new URL('./migrations/', import.meta.url);
// Another process may be in the middle of a long migration, which is waited for.
const statementTimeoutMs = 600_000;
const waitEveryMs = 500;
// A wait for a lock holds up every later wait for it, so a migration waits less long than a call does.
const defaultLockTimeoutMs = 2_000;
const defaultLockAttemptsMax = 10;
const lockPauseMs = { first: 500, max: 10_000 };
// SQLSTATE of a wait for a lock that took too long.
const lockNotAvailable = '55P03';
const fileName = /^\d{4}-[a-z0-9-]+\.sql$/;

/** How to migrate. */
export type MigrateOptions = DatabaseRetryOptions & {
  /** While it is false, as in a canary or beside a Job that migrates, the schema is waited for. Default: true. */
  mayMigrate?: () => boolean;
  /** How long a statement of a migration waits for a lock, in ms; default 2,000. */
  lockTimeoutMs?: number;
  /** How often it is tried, with up to 10 s in between, when it gets no lock; default 10. */
  lockAttemptsMax?: number;
};

/**
 * Brings the database to the newest schema: first the platform's own tables, then the files `NNNN-name.sql` of `directory`
 * in order, all in one transaction under one lock, so that any number of processes may start at once. Waits, with
 * backoff, until the database can be reached. A file that was applied before must not have changed, and one that gets no lock is tried
 * again a bounded number of times (MigrationError). Applied files that are missing here belong to a newer release and are left alone.
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
    await withLockRetry(() => applyAll(db, source, files, options), options);
    return true;
  };
  for (let waits = 0; !(await withDatabaseRetry(isDone, options)); waits += 1) {
    if (waits === 0) logger?.warn({ source }, 'the database lacks migrations that this process waits for');
    await pause(waitEveryMs, signal);
  }
}

/** A statement of a migration waited for a lock as long as it may; all of the transaction is undone. */
class LockWaitError extends MigrationError {}

/** Runs `work` again after each LockWaitError, which it throws once its attempts are used up. */
async function withLockRetry(work: () => Promise<void>, options: MigrateOptions): Promise<void> {
  const { lockAttemptsMax = defaultLockAttemptsMax, signal, logger } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LockWaitError)) throw error;
      if (attempt >= lockAttemptsMax) throw new MigrationError(`${error.message}, in ${attempt} attempts`);
      logger?.warn({ reason: error.message, attempt }, 'a migration got no lock and is tried again');
      await pause(backoffMs(attempt - 1, lockPauseMs.first, lockPauseMs.max), signal);
    }
  }
}

function applyAll(db: Database, source: string, files: readonly Migration[], options: MigrateOptions): Promise<void> {
  const { lockTimeoutMs = defaultLockTimeoutMs } = options;
  return db.transaction((tx) => applyPending(tx, source, files, lockTimeoutMs), { statementTimeoutMs });
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

async function applyPending(
  tx: Sql,
  source: string,
  files: readonly Migration[],
  lockTimeoutMs: number,
): Promise<void> {
  // Other processes that migrate are waited for; those that use the tables are not.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('outcry.migrate', 0))`);
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`]);
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
  await tx.query(file.text).catch((error: unknown) => {
    if (failureCode(error) !== lockNotAvailable) throw error;
    throw new LockWaitError(`${source} migration ${file.name} got no lock that others hold`);
  });
  await tx.query('INSERT INTO platform.migration (source, name, checksum) VALUES ($1, $2, $3)', [
    source,
    file.name,
    file.checksum,
  ]);
}
