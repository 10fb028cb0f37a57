/** Opens the database of the service in an app. */
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { ServiceApp } from './service-app.ts';

/**
 * The service's own database with the migrations of `directory` applied; waits until it can be reached. Closes with the app.
 * `poolMax` is the most connections that the service has use for, whatever the configuration permits.
 */
export async function openOwnDatabase(
  app: ServiceApp,
  directory: URL,
  { poolMax = Number.POSITIVE_INFINITY }: { poolMax?: number } = {},
): Promise<Database> {
  const { name, config, logger, metrics, signal } = app;
  const size = Math.min(poolMax, config.databasePoolMax);
  const db = openDatabase({ url: config.databaseUrl, applicationName: name, poolMax: size, logger, metrics });
  app.onDispose(db);
  await migrate(db, directory, { signal, logger });
  return db;
}
