import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { variableName } from '../plan/environment.ts';
import { StartError } from '../terminal/start-error.ts';

/** The location of each database: some given by URL, the others on one server. */
export type DatabasePlan = {
  /** Every database of this start: the services that own one, and `bus`. */
  names: readonly string[];
  /** URLs of DATABASE_URL_<SERVICE>, by name; used as they are. */
  givenUrls: ReadonlyMap<string, string>;
  /** DATABASE_URL: a server on which the other databases are made. */
  serverUrl: string | undefined;
  /** Whether a PostgreSQL of our own is needed. */
  embedded: boolean;
};

const connectTimeoutMs = 10_000;
const makersMax = 4;

/**
 * Reads DATABASE_URL and DATABASE_URL_<SERVICE> (DATABASE_URL_BUS for the bus).
 *
 * @throws StartError for a value that is no PostgreSQL URL
 */
export function planDatabases(names: readonly string[], env: NodeJS.ProcessEnv): DatabasePlan {
  const givenUrls = new Map<string, string>();
  for (const name of names) {
    const variable = `DATABASE_URL_${variableName(name, '').slice(0, -1)}`;
    const url = env[variable];
    if (url) givenUrls.set(name, requirePostgresUrl(variable, url));
  }
  const serverUrl = env.DATABASE_URL ? requirePostgresUrl('DATABASE_URL', env.DATABASE_URL) : undefined;
  return { names, givenUrls, serverUrl, embedded: serverUrl === undefined && givenUrls.size < names.length };
}

/** Name of a service's database on a shared server. */
export function databaseName(service: string): string {
  return `outcry_${service}`;
}

/** URL of a service's database, given the URL of the server that the plan leaves it on. */
export function databaseUrl(plan: DatabasePlan, serverUrl: string, name: string): string {
  const given = plan.givenUrls.get(name);
  if (given) return given;
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName(name)}`;
  return url.href;
}

/**
 * Makes the databases that are missing on the shared server.
 *
 * @throws StartError when the server does not answer or refuses
 */
export async function createDatabases(plan: DatabasePlan, serverUrl: string): Promise<void> {
  const wanted = plan.names.filter((name) => !plan.givenUrls.has(name)).map(databaseName);
  if (wanted.length === 0) return;
  try {
    const existing = await withClient(serverUrl, async (client) => {
      const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
      return new Set(rows.map((row) => row.datname));
    });
    const missing = wanted.filter((name) => !existing.has(name));
    // CREATE DATABASE mostly waits for the disk: four at a time take a third of the time.
    const makers = missing.slice(0, makersMax).map(() =>
      withClient(serverUrl, async (client) => {
        for (let name = missing.pop(); name !== undefined; name = missing.pop()) {
          await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).catch(unlessExists);
        }
      }),
    );
    await Promise.all(makers);
  } catch (error) {
    const { host } = new URL(serverUrl);
    throw new StartError(`cannot prepare the databases on ${host}: ${reasonOf(error)}`);
  }
}

// Another start on the same server has made it meanwhile; of two at one moment the catalogue's own index refuses the second.
function unlessExists(error: Error & { code?: string; constraint?: string }): void {
  const isBeingMade = error.code === '23505' && error.constraint === 'pg_database_datname_index';
  if (error.code !== '42P04' && !isBeingMade) throw error;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Starts the embedded PostgreSQL.
 *
 * @throws StartError with the reason from the server's log
 */
export async function startPostgres(options: {
  dataDirectory: string;
  port: number;
  password: string;
  settings: Record<string, string>;
  onLog: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres(options);
  } catch (error) {
    throw new StartError(`PostgreSQL did not start: ${reasonOf(error)}`);
  }
}

function requirePostgresUrl(variable: string, url: string): string {
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)) return url;
  throw new StartError(`${variable} is not a PostgreSQL URL (postgres://user:password@host:port/database)`);
}

// A refused connection to a name with two addresses has an empty message and the reasons inside.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
