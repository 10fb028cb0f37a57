import { openDatabase } from '#platform/postgres/database.ts';
import { applyMigrations, type MigrateOptions } from '#platform/postgres/migrate.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';

const migrations = new URL('./migrations/', import.meta.url);

/** Brings the tables of the bus to their newest form, as `migrate` does it for those of a service. */
export function applyBusMigrations(db: Database, options: MigrateOptions): Promise<void> {
  return applyMigrations(db, 'bus', migrations, options);
}

/** As `applyBusMigrations`, for a process that does nothing else on the bus. */
export async function migrateBus(url: string, options: { logger: Logger; signal: AbortSignal }): Promise<void> {
  await using db = openDatabase({ url, applicationName: 'bus migration', poolMax: 1, logger: options.logger });
  await applyBusMigrations(db, options);
}
