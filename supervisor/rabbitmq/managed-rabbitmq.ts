import { findRabbitmqServer } from '#platform/local-rabbitmq/find-server.ts';
import type { NodeSettings } from '#platform/local-rabbitmq/node-settings.ts';
import { type LocalRabbitmq, rabbitmqMissing, startLocalRabbitmq } from '#platform/local-rabbitmq/start.ts';
import { openLogFile } from '../processes/log-file.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from '../processes/process-identity.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import { createRestarts, type OnFailing } from '../processes/restarts.ts';
import { runAgain } from '../processes/run-again.ts';
import type { Output } from '../terminal/output.ts';
import { StartError } from '../terminal/start-error.ts';

/** The RabbitMQ in the data folder, restarted whenever it ends. */
export type ManagedRabbitmq = {
  /** For AMQP_URL. */
  readonly url: string;
  stop(): Promise<void>;
  /** Ends it at once; what it has confirmed is safe. */
  kill(): void;
};

/** How to start it. */
export type ManagedRabbitmqOptions = NodeSettings & {
  logPath: string;
  restartLimits: RestartLimits;
  output: Output;
  /** Called whenever a server was started, with its process and those that serve it. */
  onStart: (identities: ProcessIdentity[], managementUrl: string) => void;
  onFailing: OnFailing;
};

/** Throws StartError, with what to do, when RabbitMQ is not installed. */
export function requireRabbitmq(): void {
  if (findRabbitmqServer() === undefined) throw new StartError(rabbitmqMissing);
}

/**
 * Starts the installed RabbitMQ and restarts it, with a growing delay, as often as it ends.
 *
 * @throws StartError with the last lines of its output when it does not start the first time
 */
export async function manageRabbitmq(options: ManagedRabbitmqOptions): Promise<ManagedRabbitmq> {
  const log = openLogFile(options.logPath);
  const start = async (): Promise<LocalRabbitmq> => {
    const server = await startLocalRabbitmq({ ...options, onLog: (line) => log.write(Buffer.from(`${line}\n`)) });
    options.onStart(server.pids.map(identityOf), server.managementUrl);
    return server;
  };
  const stopping = new AbortController();
  const restarts = createRestarts({ ...options, name: 'rabbitmq', limits: options.restartLimits });
  let current = await start().catch((error: Error) => {
    const [reason, ...details] = error.message.split('\n');
    throw new StartError(reason ?? 'RabbitMQ did not start', { details });
  });
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
    url: current.url,
    kill() {
      stopping.abort();
      for (const pid of current.pids) signalProcess(identityOf(pid), 'SIGKILL');
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

function identityOf(pid: number): ProcessIdentity {
  return identifyProcess(pid) ?? { pid, startTime: '' };
}
