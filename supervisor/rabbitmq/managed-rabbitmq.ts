import { findRabbitmqServer } from '#platform/local-rabbitmq/find-server.ts';
import type { NodeSettings } from '#platform/local-rabbitmq/node-settings.ts';
import { type LocalRabbitmq, rabbitmqMissing, startLocalRabbitmq } from '#platform/local-rabbitmq/start.ts';
import { type ManagedProgram, manageProgram, type RestartOptions } from '../processes/managed-program.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import { StartError } from '../terminal/start-error.ts';

/** The RabbitMQ in the data folder, restarted whenever it ends. What it has confirmed is safe when it is killed. */
export type ManagedRabbitmq = ManagedProgram<LocalRabbitmq>;

/** How to start it. */
export type ManagedRabbitmqOptions = NodeSettings &
  RestartOptions & {
    /** Called whenever a server was started, with its process and those that serve it. */
    onStart: (identities: ProcessIdentity[], managementUrl: string) => void;
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
export function manageRabbitmq(options: ManagedRabbitmqOptions): Promise<ManagedRabbitmq> {
  return manageProgram<LocalRabbitmq>({
    ...options,
    name: 'rabbitmq',
    start: (onLog) => startLocalRabbitmq({ ...options, onLog }),
    onStart: ({ managementUrl }, identities) => options.onStart(identities, managementUrl),
  }).catch((error: Error) => {
    const [reason, ...details] = error.message.split('\n');
    throw new StartError(reason ?? 'RabbitMQ did not start', { details });
  });
}
