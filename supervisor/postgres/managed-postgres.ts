import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { openLogFile } from '../processes/log-file.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from '../processes/process-identity.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import { createRestarts, type OnFailing, type Restarts } from '../processes/restarts.ts';
import type { Output } from '../terminal/output.ts';
import { startPostgres } from './databases.ts';

/** The embedded PostgreSQL, started again whenever it ends. */
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
 * @throws StartError with the server's own last words when it does not start the first time
 */
export async function managePostgres(options: ManagedPostgresOptions): Promise<ManagedPostgres> {
  const log = openLogFile(options.logPath);
  const start = async (): Promise<EmbeddedPostgres> => {
    const server = await startPostgres({
      dataDirectory: options.dataDirectory,
      port: options.port,
      password: options.password,
      settings: { max_connections: String(options.connectionsMax) },
      onLog: (line) => log.write(Buffer.from(`${line}\n`)),
    });
    options.onStart(identityOf(server));
    return server;
  };
  const stopping = new AbortController();
  const restarts = createRestarts({ ...options, name: 'postgres', limits: options.restartLimits });
  let current = await start();
  const running = restartWhenEnded({
    first: current,
    start,
    onStart: (server) => {
      current = server;
    },
    lastWords: () => log.tail().at(-1) ?? 'without a word',
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

type Running = {
  first: EmbeddedPostgres;
  start: () => Promise<EmbeddedPostgres>;
  /** Called with each server that was started again. */
  onStart: (server: EmbeddedPostgres) => void;
  /** The last line of its log. */
  lastWords: () => string;
  restarts: Restarts;
  signal: AbortSignal;
};

// Resolves once the signal is aborted and no start is under way.
async function restartWhenEnded({ first, start, onStart, lastWords, restarts, signal }: Running): Promise<void> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let server: EmbeddedPostgres | undefined = first;
  let refusal: string | undefined;
  while (!signal.aborted) {
    if (server) await Promise.race([server.ended, aborted]);
    if (signal.aborted) return;
    await restarts.ended(refusal ?? lastWords(), signal);
    if (signal.aborted) return;
    try {
      server = await start();
      refusal = undefined;
      onStart(server);
      restarts.ready();
    } catch (error) {
      server = undefined;
      refusal = error instanceof Error ? error.message : String(error);
    }
  }
}

function identityOf(server: EmbeddedPostgres): ProcessIdentity {
  return identifyProcess(server.pid) ?? { pid: server.pid, startTime: '' };
}
