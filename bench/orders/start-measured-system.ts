/** The whole system as `npm start` runs it, on a PostgreSQL that also counts statements. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { loadSecrets } from '../../supervisor/index.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import type { Report } from '../report/report.ts';
import { connectPostgres } from '../system/postgres.ts';

/** Limits that would otherwise measure themselves: the generator sends the load of thousands from one address. */
export const raisedLimits = { GATEWAY_CALLS_PER_SECOND_MAX: '1000000', GATEWAY_CALLS_BURST_MAX: '1000000' } as const;

const durability = ['fsync', 'synchronous_commit', 'full_page_writes'];
const host = '127.0.0.1';
// The default number of statements would do today; the least used ones are forgotten beyond it.
const statementCounter = [`shared_preload_libraries = 'pg_stat_statements'`, 'pg_stat_statements.max = 10000'];

/** A running system. */
export type MeasuredSystem = { system: RunningSystem; statements: boolean };

/** Starts the system on the folder. `statements`: count statements, which takes some processor time of PostgreSQL. */
export async function startMeasuredSystem(options: {
  dataDirectory: string;
  flags: readonly string[];
  /** Whether the folder has no system yet. */
  isNew: boolean;
  statements: boolean;
  /** Further settings. */
  env?: Readonly<Record<string, string>>;
  signal: AbortSignal;
}): Promise<MeasuredSystem> {
  const { dataDirectory, flags, env, signal } = options;
  if (options.statements && options.isNew) await configurePostgres(dataDirectory, statementCounter);
  const system = await startSystem({ dataDirectory, flags, env: { ...raisedLimits, ...env }, signal });
  try {
    const statements = options.statements && (await createExtension(system));
    return { system, statements };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** Reports the settings of PostgreSQL that decide what a commit costs. Throws unless a commit waits for the disk. */
export async function requireDurable(system: RunningSystem, report: Report): Promise<void> {
  await using client = await connectPostgres(system, 'outcry_order');
  for (const name of ['server_version', ...durability]) {
    const [row] = await client.read<Record<string, string>>(`SHOW ${name}`);
    const value = row?.[name] ?? '';
    report.figure({ metric: `postgres.${name}`, value, unit: '' });
    if (durability.includes(name) && value !== 'on')
      throw new Error(`${name} is ${value}: the figures would mean nothing`);
  }
}

/** Starts the PostgreSQL of a folder whose system was stopped. */
export async function startPostgresOf(dataDirectory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDirectory: join(dataDirectory, 'postgres'),
    port: await getPort({ host }),
    password: loadSecrets(dataDirectory).postgresPassword,
    onLog: () => {},
  });
}

/** Makes the cluster of a folder, with settings that take effect when its server starts, as lines of postgresql.conf. */
export async function configurePostgres(dataDirectory: string, settings: readonly string[]): Promise<void> {
  const server = await startPostgresOf(dataDirectory);
  await server.stop();
  await appendFile(join(dataDirectory, 'postgres', 'postgresql.conf'), `\n${settings.join('\n')}\n`);
}

async function createExtension(system: RunningSystem): Promise<boolean> {
  await using client = await connectPostgres(system, 'postgres');
  try {
    await client.read('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    return true;
  } catch {
    return false;
  }
}
