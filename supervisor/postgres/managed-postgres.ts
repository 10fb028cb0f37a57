import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { startPostgres } from './databases.ts';
import { openLogFile } from './log-file.ts';
import type { Output } from './output.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from './process-identity.ts';
import { createRestartPolicy } from './restart-policy.ts';
import { StartError } from './start-error.ts';

/** The embedded PostgreSQL, started again when it dies. */
export type ManagedPostgres = {
  readonly adminUrl: string;
  /** Rejects with a StartError when it cannot be kept running; never resolves. */
  readonly failed: Promise<never>;
  /** The running server. */
  identity(): ProcessIdentity;
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
  output: Output;
  /** Called whenever a server was started. */
  onStart: (identity: ProcessIdentity) => void;
};

/**
 * Starts the embedded PostgreSQL and keeps it running.
 *
 * @throws StartError with the server's own last words when it does not start
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
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  let current = await start();
  const keep = keepRunning(current, start, stopping.signal, options.output, (server) => {
    current = server;
  });
  keep.catch(failure.reject);
  return {
    adminUrl: current.adminUrl,
    failed: failure.promise,
    identity: () => identityOf(current),
    kill: () => {
      stopping.abort();
      signalProcess(identityOf(current), 'SIGQUIT');
    },
    async stop() {
      stopping.abort();
      await keep.catch(() => {});
      await current.stop();
      log.close();
    },
  };
}

// Resolves once `signal` is aborted and no start is under way.
async function keepRunning(
  first: EmbeddedPostgres,
  start: () => Promise<EmbeddedPostgres>,
  signal: AbortSignal,
  output: Output,
  onStart: (server: EmbeddedPostgres) => void,
): Promise<void> {
  const policy = createRestartPolicy();
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let server = first;
  while (!signal.aborted) {
    await Promise.race([server.ended, aborted]);
    if (signal.aborted) return;
    const decision = policy.onDeath(performance.now());
    if (decision.action === 'give-up') {
      throw new StartError(`PostgreSQL ended ${decision.deathsPerMinute} times within a minute; everything is stopped`);
    }
    output.line('  postgres ended; starting it again');
    await sleep(decision.delayMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    server = await start();
    onStart(server);
    output.line('  postgres is ready again');
  }
}

function identityOf(server: EmbeddedPostgres): ProcessIdentity {
  return identifyProcess(server.pid) ?? { pid: server.pid, startTime: '' };
}
