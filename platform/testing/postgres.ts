import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { freePort } from './free-port.ts';

/** A real PostgreSQL of its own for tests; disposing it removes its data. */
export type TestPostgres = AsyncDisposable & {
  /** URL of the named database, which need not exist. */
  url(name: string): string;
  /** Makes a database and returns its URL. */
  createDatabase(name: string): Promise<string>;
};

/** A database of its own for one test file, in the PostgreSQL that the whole run shares. */
export type TestDatabase = {
  url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
};

// Durability is what these tests do not need; everything else is as in the embedded default.
const fastSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '32MB' };

/** Starts a PostgreSQL on a free port with its data in a temporary folder; `durable` leaves its settings as the system has them. */
export async function startTestPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'outcry-test-postgres-'));
  const server = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'data'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    settings: durable ? {} : fastSettings,
    onLog: () => {},
  });
  return {
    url: (name) => server.urlFor(name),
    createDatabase: (name) => createDatabase(server.adminUrl, name),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Makes a fresh, empty database. The server is the one named by OUTCRY_TEST_POSTGRES_URL (an administrator's URL), else
 * the one that the test run starts when the first test asks for it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = await findAdminUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = await createDatabase(adminUrl, name);
  return { url, drop: () => runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function findAdminUrl(): Promise<string> {
  const given = process.env.OUTCRY_TEST_POSTGRES_URL;
  if (given) return given;
  const starter = process.env.OUTCRY_TEST_POSTGRES_STARTER;
  if (!starter) throw new Error('Run with vitest and the root vitest.config.ts, or set OUTCRY_TEST_POSTGRES_URL.');
  const response = await fetch(starter);
  const text = await response.text();
  if (!response.ok) throw new Error(`The test PostgreSQL did not start: ${text}`);
  process.env.OUTCRY_TEST_POSTGRES_URL = text;
  return text;
}

async function createDatabase(adminUrl: string, name: string): Promise<string> {
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function runAsAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
