import type { Secrets } from '../data/secrets.ts';
import type { ServiceKeyFiles } from '../data/service-keys.ts';
import { busDatabase, type ServiceDefinition } from './services.ts';

/** What the environments of all processes are made from. */
export type EnvironmentContext = {
  /** The supervisor's own environment. */
  inherited: NodeJS.ProcessEnv;
  host: string;
  secrets: Secrets;
  keyFilesOf(service: string): ServiceKeyFiles;
  /** All services, also those left out of this start: their addresses then refuse connections, as when a service is down. */
  services: readonly ServiceDefinition[];
  replicasOf(service: ServiceDefinition): number;
  portOf(service: ServiceDefinition, replica: number): number;
  adminPortOf(service: ServiceDefinition, replica: number): number;
  /** URL of a service's database, or of the bus (`bus`). */
  databaseUrlOf(name: string): string;
  /** URL of the RabbitMQ that carries the bus instead of its database; empty without one. */
  amqpUrl: string;
  /** The file of the market's clock; empty: it is the machine's and cannot be set. */
  clockFile: string;
  seed: number;
  gatewayUrl: string;
  smtpPort: number;
};

const inherited = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'LOG_LEVEL',
  'EXCHANGE_SHARDS',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OUTCRY_RELEASE',
  'OUTCRY_TRACES_PER_SECOND',
  'OUTCRY_TRACES_SLOW_MS',
];

/**
 * The environment of one replica: what the plan gives it and, of the supervisor's own environment, only general variables and the
 * service's settings (`ORDER_...` for order). It has no other service's database or secret.
 */
export function serviceEnvironment(
  service: ServiceDefinition,
  replica: number,
  context: EnvironmentContext,
): Record<string, string> {
  return {
    ...inheritedFor(service, context.inherited),
    NODE_ENV: 'production',
    // One arena of malloc instead of one for each thread: measured, 2 to 6 MB a process, as the threads allocate little.
    MALLOC_ARENA_MAX: '1',
    OUTCRY_HOST: context.host,
    OUTCRY_PORT: String(context.portOf(service, replica)),
    OUTCRY_ADMIN_PORT: String(context.adminPortOf(service, replica)),
    ...(service.niceness > 0 ? { OUTCRY_NICE: String(service.niceness) } : {}),
    OUTCRY_REPLICA: `${service.name}-${replica}`,
    ...(context.clockFile === '' ? {} : { OUTCRY_CLOCK_FILE: context.clockFile }),
    ...identity(service, context),
    ...addresses(service, context),
    ...(service.database ? { DATABASE_URL: context.databaseUrlOf(service.name) } : {}),
    ...(service.bus ? busAddress(context) : {}),
    ...extraEnvironment(service, context),
  };
}

/** Name of the environment variable that carries something of a service, such as `ORDER_ADDRESS`. */
export function variableName(service: string, suffix: string): string {
  return `${service.toUpperCase()}_${suffix}`;
}

/** E-mail address of the first administrator. */
export const adminEmail = 'admin@example.com';

/** User of the RabbitMQ that `--rabbitmq` starts. */
export const rabbitmqUser = 'outcry';

/** E-mail address of the first operator. */
export const operatorEmail = 'operator@example.com';

function inheritedFor(service: ServiceDefinition, env: NodeJS.ProcessEnv): Record<string, string> {
  const prefixes = [variableName(service.name, ''), ...service.settingPrefixes];
  const isPassedOn = (name: string): boolean =>
    inherited.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
  const settings = Object.entries(env).filter(([name]) => isPassedOn(name));
  return Object.fromEntries(settings.map(([name, value]) => [name, value ?? '']));
}

function identity({ name, secret }: ServiceDefinition, context: EnvironmentContext): Record<string, string> {
  const files = context.keyFilesOf(name);
  return {
    SERVICE_KEY_FILE: files.own,
    SERVICE_JWKS_FILE: files.public,
    ...(secret ? { SERVICE_SECRET: context.secrets.serviceSecret } : {}),
  };
}

function busAddress({ amqpUrl, databaseUrlOf }: EnvironmentContext): Record<string, string> {
  return amqpUrl === '' ? { BUS_DATABASE_URL: databaseUrlOf(busDatabase) } : { AMQP_URL: amqpUrl };
}

function addresses(service: ServiceDefinition, context: EnvironmentContext): Record<string, string> {
  const callees = context.services.filter((callee) => service.calls.includes(callee.name));
  return Object.fromEntries(
    callees.map((callee) => {
      const replicas = Array.from({ length: context.replicasOf(callee) }, (_, replica) => replica);
      const targets = replicas.map((replica) => `${context.host}:${context.portOf(callee, replica)}`);
      return [variableName(callee.name, 'ADDRESS'), `ipv4:${targets.join(',')}`];
    }),
  );
}

function extraEnvironment(service: ServiceDefinition, context: EnvironmentContext): Record<string, string> {
  const { inherited, secrets, smtpPort, host, gatewayUrl, seed } = context;
  switch (service.name) {
    case 'user':
      return {
        BOOTSTRAP_ADMIN_EMAIL: adminEmail,
        BOOTSTRAP_ADMIN_PASSWORD: secrets.adminPassword,
        BOOTSTRAP_OPERATOR_EMAIL: operatorEmail,
        BOOTSTRAP_OPERATOR_PASSWORD: secrets.operatorPassword,
      };
    case 'notification':
      return { SMTP_URL: inherited.SMTP_URL || `smtp://${host}:${smtpPort}`, PUBLIC_URL: gatewayUrl };
    case 'mailbox':
      return { MAILBOX_SMTP_PORT: String(smtpPort) };
    case 'simulator':
      return { SIMULATOR_SEED: String(seed) };
    default:
      return {};
  }
}
