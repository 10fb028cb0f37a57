import { resolve } from 'node:path';
import { readRunFile } from '../data/run-file.ts';
import { loadSecrets } from '../data/secrets.ts';
import { services } from '../plan/services.ts';
import { databaseUrl, planDatabases } from '../postgres/databases.ts';
import { isRunning } from '../processes/process-identity.ts';
import { projectDirectory } from '../project-directory.ts';

/** The database of a service, for a script of an operator. */
export type DatabaseTarget = { service: string; url: string };

/**
 * The databases of all services that have one: those that DATABASE_URL and DATABASE_URL_<SERVICE> name, else those of the system that runs
 * on the data folder. Throws an error with a clear line when nothing runs there.
 */
export function findDatabaseTargets({ data = '.outcry' }: { data?: string }): DatabaseTarget[] {
  const names = services.filter(({ database }) => database).map(({ name }) => name);
  const plan = planDatabases(names, process.env);
  const serverUrl = plan.serverUrl ?? (plan.embedded ? embeddedUrl(resolve(projectDirectory, data)) : '');
  return names.map((service) => ({ service, url: databaseUrl(plan, serverUrl, service) }));
}

function embeddedUrl(dataDirectory: string): string {
  const run = readRunFile(dataDirectory);
  if (run?.postgres === undefined || !isRunning(run.postgres)) {
    throw new Error(`no PostgreSQL runs on ${dataDirectory}; start it with \`npm start\`, or set DATABASE_URL`);
  }
  const password = encodeURIComponent(loadSecrets(dataDirectory).postgresPassword);
  return `postgres://postgres:${password}@127.0.0.1:${run.postgres.port}/postgres`;
}
