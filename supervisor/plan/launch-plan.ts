import { join } from 'node:path';
import type { StartFlags } from '../terminal/flags.ts';
import { type EnvironmentContext, serviceEnvironment } from './environment.ts';
import {
  adminPort,
  type NamedPort,
  observePorts,
  postgresPort,
  rabbitmqPorts,
  servicePort,
  smtpPort,
} from './ports.ts';
import type { ServiceDefinition } from './services.ts';

/** What is needed to run one replica. */
export type Launch = {
  name: string;
  replica: number;
  /** Absolute path of the entry point. */
  main: string;
  nodeFlags: string[];
  env: Record<string, string>;
  port: number;
  adminPort: number;
  stopStage: 1 | 2 | 3;
  logPath: string;
};

/** Everything runs on this machine and answers this machine only. */
export const loopbackHost = '127.0.0.1';

/** The services that this start runs: all but those that a flag or a variable leaves out. */
export function chooseServices(
  services: readonly ServiceDefinition[],
  flags: StartFlags,
  env: NodeJS.ProcessEnv,
): readonly ServiceDefinition[] {
  const left = new Set([...(flags.simulator ? [] : ['simulator']), ...(env.SMTP_URL ? ['mailbox'] : [])]);
  return services.filter((service) => !left.has(service.name));
}

/** Number of replicas of a service: that of its flag, or one. */
export function replicasOf(service: ServiceDefinition, flags: StartFlags): number {
  return flags.replicas.get(service.name) ?? 1;
}

/** Every port that a start needs, each with its use in words. */
export function portsNeeded(
  services: readonly ServiceDefinition[],
  flags: StartFlags,
  options: { embeddedPostgres: boolean },
): NamedPort[] {
  const ports = services.flatMap((service) =>
    replicaNumbers(service, flags).flatMap((replica) => [
      { port: servicePort(flags.port, service, replica), use: service.name },
      { port: adminPort(flags.port, service, replica), use: `${service.name} admin` },
    ]),
  );
  if (options.embeddedPostgres) ports.push({ port: postgresPort(flags.port), use: 'PostgreSQL' });
  if (flags.rabbitmq) {
    for (const port of Object.values(rabbitmqPorts(flags.port))) ports.push({ port, use: 'RabbitMQ' });
  }
  if (flags.observe) {
    for (const [use, port] of Object.entries(observePorts(flags.port))) ports.push({ port, use });
  }
  if (services.some((service) => service.name === 'mailbox')) ports.push({ port: smtpPort(flags.port), use: 'SMTP' });
  return ports;
}

/** The admin ports of all replicas. */
export function adminPorts(services: readonly ServiceDefinition[], flags: StartFlags): number[] {
  return services.flatMap((service) =>
    replicaNumbers(service, flags).map((replica) => adminPort(flags.port, service, replica)),
  );
}

/** One launch for each replica of each running service, in the order of the table. */
export function planLaunches(
  context: Omit<
    EnvironmentContext,
    'replicasOf' | 'portOf' | 'adminPortOf' | 'host' | 'seed' | 'gatewayUrl' | 'smtpPort'
  >,
  options: {
    flags: StartFlags;
    running: readonly ServiceDefinition[];
    projectDirectory: string;
    logDirectory: string;
  },
): Launch[] {
  const { flags } = options;
  const full: EnvironmentContext = {
    ...context,
    host: loopbackHost,
    seed: flags.seed,
    gatewayUrl: gatewayUrl(flags.port),
    smtpPort: smtpPort(flags.port),
    replicasOf: (service) => replicasOf(service, flags),
    portOf: (service, replica) => servicePort(flags.port, service, replica),
    adminPortOf: (service, replica) => adminPort(flags.port, service, replica),
  };
  return options.running.flatMap((service) =>
    replicaNumbers(service, flags).map((replica) => ({
      name: service.name,
      replica,
      main: join(options.projectDirectory, service.main),
      nodeFlags: [
        `--max-old-space-size=${service.heapMaxMib}`,
        `--max-semi-space-size=${service.semiSpaceMaxMib}`,
        `--v8-pool-size=${service.engineThreads}`,
      ],
      env: serviceEnvironment(service, replica, full),
      port: full.portOf(service, replica),
      adminPort: full.adminPortOf(service, replica),
      stopStage: service.stopStage,
      logPath: join(options.logDirectory, `${service.name}-${replica}.log`),
    })),
  );
}

/** Base URL of the gateway on a port. */
export function gatewayUrl(port: number): string {
  return `http://localhost:${port}`;
}

function replicaNumbers(service: ServiceDefinition, flags: StartFlags): number[] {
  return Array.from({ length: replicasOf(service, flags) }, (_, replica) => replica);
}
