import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { type ManagedProgram, manageProgram, type RestartOptions } from '../processes/managed-program.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import { startPostgres } from './databases.ts';
import { archiveSettings } from './wal-archive.ts';

/** The embedded PostgreSQL, restarted whenever it ends. What was committed is safe when it is killed. */
export type ManagedPostgres = ManagedProgram<EmbeddedPostgres>;

/** How to start it. */
export type ManagedPostgresOptions = RestartOptions & {
  dataDirectory: string;
  port: number;
  password: string;
  connectionsMax: number;
  /** Folder that gets the server's log (WAL); undefined: none does. */
  walArchive: string | undefined;
  /** Called whenever a server was started. */
  onStart: (identity: ProcessIdentity) => void;
};

/**
 * Starts the embedded PostgreSQL and restarts it, with a growing delay, as often as it ends.
 *
 * @throws StartError with the last line of the server's log when it does not start the first time
 */
export async function managePostgres(options: ManagedPostgresOptions): Promise<ManagedPostgres> {
  const { dataDirectory, port, password, connectionsMax } = options;
  const archive = options.walArchive === undefined ? {} : await archiveSettings(options);
  const settings = { max_connections: String(connectionsMax), ...archive };
  return manageProgram<EmbeddedPostgres>({
    ...options,
    name: 'postgres',
    start: (onLog) => startPostgres({ dataDirectory, port, password, settings, onLog }),
    onStart: (_server, [identity]) => identity && options.onStart(identity),
    // At once, and without a core file: what was committed is in its log.
    killSignal: 'SIGQUIT',
  });
}
