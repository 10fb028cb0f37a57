import type { DataPaths } from '../data/data-directory.ts';
import type { Secrets } from '../data/secrets.ts';
import { rabbitmqUser } from '../plan/environment.ts';
import { loopbackHost } from '../plan/launch-plan.ts';
import { rabbitmqPorts } from '../plan/ports.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import type { RunRecorder } from '../run-recorder.ts';
import type { StartFlags } from '../terminal/flags.ts';
import { elapsedSince, type Output } from '../terminal/output.ts';
import { type ManagedRabbitmq, manageRabbitmq } from './managed-rabbitmq.ts';

/** What the start knows when it begins. */
export type RabbitmqStart = {
  flags: StartFlags;
  paths: DataPaths;
  secrets: Secrets;
  restartLimits: RestartLimits;
  startTimeMs: number;
  output: Output;
  record: RunRecorder;
};

/** Starts RabbitMQ in the data folder and records it. Throws StartError when it does not start. */
export async function startRabbitmq(start: RabbitmqStart): Promise<ManagedRabbitmq> {
  const { paths, secrets, record, output } = start;
  const ports = rabbitmqPorts(start.flags.port);
  const rabbitmq = await manageRabbitmq({
    directory: paths.rabbitmq,
    ports,
    user: rabbitmqUser,
    password: secrets.rabbitmqPassword,
    logPath: `${paths.logs}/rabbitmq.log`,
    restartLimits: start.restartLimits,
    output,
    onStart: (processes, managementUrl) =>
      record.rabbitmq({ processes, amqpUrl: `amqp://${loopbackHost}:${ports.amqp}`, managementUrl }),
    onFailing: record.failing,
  });
  output.progress('rabbitmq', elapsedSince(start.startTimeMs));
  return rabbitmq;
}
