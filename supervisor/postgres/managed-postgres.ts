import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { openLogFile } from '../processes/log-file.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from '../processes/process-identity.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import { createRestarts, type OnFailing } from '../processes/restarts.ts';
import { runAgain } from '../processes/run-again.ts';
import type { Output } from '../terminal/output.ts';
import { startPostgres } from './databases.ts';
import { archiveSettings } from './wal-archive.ts';

/** The embedded PostgreSQL, restarted whenever it ends. */
export type ManagedPostgres = {
  readonly adminUrl: string;
  stop(): Promise<void>;
  /** Ends the server at once; what was committed is safe. */
  kill(): void;
};

/** How to start it. */
export type ManagedPostgresOptions = {
  dataDirectory: string;
  port: number;
  password: string;
  connectionsMax: number;
  /** Folder that gets the server's log (WAL); undefined: none does. */
  walArchive: string | undefined;
  logPath: string;
  restartLimits: RestartLimits;
  output: Output;
  /** Called whenever a server was started. */
  onStart: (identity: ProcessIdentity) => void;
  onFailing: OnFailing;
};

/**
 * Starts the embedded PostgreSQL and restarts it, with a growing delay, as often as it ends.
 *
 * @throws StartError with the last line of the server's log when it does not start the first time
 */
export async function managePostgres(options: ManagedPostgresOptions): Promise<ManagedPostgres> {
  const log = openLogFile(options.logPath);
  const archive = options.walArchive === undefined ? {} : await archiveSettings(options);
  const start = async (): Promise<EmbeddedPostgres> => {
    const server = await startPostgres({
      dataDirectory: options.dataDirectory,
      port: options.port,
      password: options.password,
      settings: { max_connections: String(options.connectionsMax), ...archive },
      onLog: (line) => log.write(Buffer.from(`${line}\n`)),
    });
    options.onStart(identityOf(server));
    return server;
  };
  const stopping = new AbortController();
  const restarts = createRestarts({ ...options, name: 'postgres', limits: options.restartLimits });
  let current = await start();
  const running = runAgain({
    first: current,
    start,
    onStart: (server) => {
      current = server;
    },
    lastLogLine: () => log.tail().at(-1) ?? 'no log output',
    restarts,
    signal: stopping.signal,
  });
  return {
    adminUrl: current.adminUrl,
    kill: () => {
      stopping.abort();
      signalProcess(identityOf(current), 'SIGQUIT');
    },
    async stop() {
      stopping.abort();
      await running;
      await current.stop();
      restarts.close();
      log.close();
    },
  };
}

function identityOf(server: EmbeddedPostgres): ProcessIdentity {
  return identifyProcess(server.pid) ?? { pid: server.pid, startTime: '' };
}
