/** What the databases of a running system say is wrong. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type DatabaseTarget, services } from '../../supervisor/index.ts';
import type { Finding } from './finding.ts';

const timeoutMs = 3_000;
const versionMin = 140_000;
const lockSecondsMax = 3;
const idleSecondsMax = 60;
const clockMsMax = 2_000;
const durable = ['fsync', 'full_page_writes', 'synchronous_commit'];

/** Findings of the server and of each database. One that does not answer within 3 s is a finding itself. */
export async function judgeDatabases(targets: readonly DatabaseTarget[]): Promise<Finding[]> {
  const [first] = targets;
  if (first === undefined) return [];
  const server = await inDatabase(first, judgeServer);
  if (server.some(({ code }) => code === 'database-away')) return server;
  const schemas = await Promise.all(targets.map((target) => inDatabase(target, judgeSchema)));
  return [...server, ...schemas.flat()];
}

type Look = (client: pg.Client, target: DatabaseTarget) => Promise<Finding[]>;

async function inDatabase(target: DatabaseTarget, look: Look): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: target.url,
    application_name: 'doctor',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await look(client, target);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ code: 'database-away', subject: target.service, detail }];
  } finally {
    // A frozen server never answers the farewell.
    void client.end().catch(() => {});
  }
}

async function judgeServer(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name = ANY ($1)`,
    [['server_version_num', ...durable]],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const version = Number(settings.get('server_version_num'));
  const subject = 'PostgreSQL';
  return [
    ...(version < versionMin ? [{ code: 'database-version', subject, detail: `it is ${version}` } as const] : []),
    ...durable
      .filter((name) => settings.get(name) === 'off')
      .map((name) => ({ code: 'database-settings', subject, detail: `${name} is off` }) as const),
    ...(await judgeClock(client)),
    ...(await judgeSessions(client)),
  ];
}

async function judgeClock(client: pg.Client): Promise<Finding[]> {
  const beforeMs = Date.now();
  const { rows } = await client.query<{ ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  );
  const afterMs = Date.now();
  const serverMs = rows[0]?.ms ?? beforeMs;
  const offMs = serverMs < beforeMs ? beforeMs - serverMs : Math.max(0, serverMs - afterMs);
  if (offMs <= clockMsMax) return [];
  return [{ code: 'clock-off', subject: 'PostgreSQL', detail: `its clock differs by ${Math.round(offMs)} ms` }];
}

/** Sessions that others wait for, and transactions that nothing is done in. */
async function judgeSessions(client: pg.Client): Promise<Finding[]> {
  type Row = { pid: number; name: string; database: string; seconds: number; blocked: string };
  const { rows } = await client.query<Row>(
    `WITH blocked AS (
       SELECT unnest(pg_blocking_pids(pid)) AS by, now() - query_start AS waits FROM pg_stat_activity
       WHERE wait_event_type = 'Lock'
     ), blocking AS (
       SELECT by, count(*) AS count FROM blocked WHERE waits > $1 * interval '1 s' GROUP BY by
     )
     SELECT pid, application_name AS name, datname AS database, coalesce(count, 0) AS blocked,
       extract(epoch FROM now() - xact_start)::float8 AS seconds
     FROM pg_stat_activity LEFT JOIN blocking ON by = pid
     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname IS NOT NULL
       AND (by IS NOT NULL OR state LIKE 'idle in transaction%' AND state_change < now() - $2 * interval '1 s')
       AND wait_event_type IS DISTINCT FROM 'Lock'
     ORDER BY seconds DESC LIMIT 20`,
    [lockSecondsMax, idleSecondsMax],
  );
  return rows.map(({ pid, name, database, seconds, blocked }) => ({
    code: 'database-locked',
    subject: database,
    detail: `the transaction of '${name}', PID ${pid}, is open for ${seconds.toFixed(0)} s; ${blocked} others wait for it`,
  }));
}

async function judgeSchema(client: pg.Client, { service }: DatabaseTarget): Promise<Finding[]> {
  const folder = services.find(({ name }) => name === service)?.migrations;
  if (folder === undefined) return [];
  const files = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.sql'));
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM platform.migration WHERE source = 'service'`);
  const applied = new Set(rows.map(({ name }) => name));
  const missing = files.filter((name) => !applied.has(name));
  const newer = [...applied].filter((name) => !files.includes(name));
  return [
    ...(missing.length > 0 ? [schemaFinding(service, `it lacks ${missing.join(', ')}`)] : []),
    ...(newer.length > 0 ? [schemaFinding(service, `a newer release has applied ${newer.join(', ')}`)] : []),
  ];
}

function schemaFinding(subject: string, detail: string): Finding {
  return { code: 'migrations-missing', subject, detail };
}
