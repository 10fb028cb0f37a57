import { openDatabase } from '#platform/postgres/database.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createTestDatabase } from './postgres.ts';

/** A logger that writes nothing. */
export const silentLogger = createLogger({ service: 'test', level: 'silent' });

/** An open pool on a fresh database; disposing it closes the pool and drops the database. */
export type OpenTestDatabase = Database & {
  url: string;
  /** Another pool on the same database, for what a second process would do. */
  openAnother(options?: { poolMax?: number; statementTimeoutMs?: number }): Database;
  /** Ends all connections to the database from the server's side, as its restart would; resolves when all of them have ended. */
  breakConnections(): Promise<void>;
};

/** Opens a pool on a database of its own. */
export async function openTestDatabase(): Promise<OpenTestDatabase> {
  const { url, drop } = await createTestDatabase();
  const open = (options = {}) => openDatabase({ url, applicationName: 'test', logger: silentLogger, ...options });
  const others: Database[] = [];
  const db = open();
  return {
    ...db,
    url,
    openAnother(options) {
      const other = open(options);
      others.push(other);
      return other;
    },
    async breakConnections() {
      const admin = open({ poolMax: 1 });
      await admin.query(
        'SELECT pg_terminate_backend(pid, 4000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await admin[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      for (const database of [...others, db]) await database[Symbol.asyncDispose]();
      await drop();
    },
  };
}
