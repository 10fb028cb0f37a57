/** What every service reads from its environment. */
import { type ServiceKeys, serviceKeysInFiles } from '#platform/auth/service-keys.ts';
import type { LogLevel } from '#platform/telemetry/logger.ts';
import type { TracingConfig } from '#platform/telemetry/start-tracing.ts';
import type { Environment } from './env.ts';
import { address, ConfigError, choice, collect, flag, integer, requireText, text } from './env.ts';
import { readTracingConfig } from './tracing.ts';

/** The part of the configuration that is the same in every service. */
export type BaseConfig = {
  service: string;
  /** The interface to listen on: OUTCRY_HOST, default 127.0.0.1. */
  host: string;
  /** The gRPC port: OUTCRY_PORT, default 9000; 0 takes any free one. */
  port: number;
  /** The port of /metrics, /livez and /readyz: OUTCRY_ADMIN_PORT, default 9464; 0 takes any free one. */
  adminPort: number;
  /** LOG_LEVEL, default info. */
  logLevel: LogLevel;
  /** Where spans go; undefined: nowhere. */
  tracing: TracingConfig | undefined;
  /** The service's own database: DATABASE_URL; empty when it is not set and not required. */
  databaseUrl: string;
  /** The database of the bus: BUS_DATABASE_URL; empty when it is not set and not required, as beside AMQP_URL. */
  busDatabaseUrl: string;
  /** The RabbitMQ server of the bus: AMQP_URL; empty when it is not set. */
  amqpUrl: string;
  /** Connections to its own database: DATABASE_POOL_MAX, default 8, 1 to 100. */
  databasePoolMax: number;
  /** The name of the process among those of its service: OUTCRY_REPLICA, such as `order-0`; empty, the default: that of its machine or pod. */
  replica: string;
  /** The release it was built from, for those who look at it: OUTCRY_RELEASE; empty, the default: none was named. */
  release: string;
  /** Priority of the process once it is ready, as nice counts it: OUTCRY_NICE, default 0, 0 to 19 (the last of all). */
  niceness: number;
  /** The setting of a clock that can be set: OUTCRY_CLOCK_FILE; empty, the default: the market's time is the machine's. */
  clockFile: string;
  /** A file with the role of the process, `stable`, `canary` or `mirror`, see openRole: OUTCRY_ROLE_FILE; empty, the default: stable for as long as it lives. */
  roleFile: string;
  /** A stream is asked to end at this age, give or take a tenth, in ms, if not before: OUTCRY_STREAM_AGE_SECONDS, default 1800, 10 to 86400. */
  streamAgeMaxMs: number;
  /** Whether the process only migrates its databases and ends: OUTCRY_MIGRATE_ONLY, default false. */
  migratesOnly: boolean;
  /** Whether it migrates before it starts, or waits until another process has: OUTCRY_MIGRATE_AT_START, default true. */
  migratesAtStart: boolean;
  /**
   * Its identity: SERVICE_KEY_FILE, a file with its private keys, and SERVICE_JWKS_FILE, one with the public keys of all services; both JSON Web Key
   * Sets. A process that only migrates needs none.
   */
  serviceKeys: ServiceKeys;
  /** From which a service derives secrets of its own: SERVICE_SECRET, 32 characters or more; empty when it is not set and not required. */
  serviceSecret: string;
  /** The gRPC target of a service, from `<SERVICE>_ADDRESS`. Throws ConfigError when it is not set. */
  addressOf(service: string): string;
};

/** Settings without which a service cannot start. */
export type BaseConfigOptions = { requires?: ('database' | 'bus' | 'secret')[] };

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const secretLengthMin = 32;

/** Reads what every service needs. Throws ConfigError with every problem at once. */
export function readBaseConfig(env: Environment, serviceName: string, options: BaseConfigOptions = {}): BaseConfig {
  const urlReader = (name: string, part: 'database' | 'bus') => () =>
    options.requires?.includes(part) ? requireText(env, name) : text(env, name, '');
  return collect<BaseConfig>({
    service: () => serviceName,
    host: () => text(env, 'OUTCRY_HOST', '127.0.0.1'),
    port: () => integer(env, 'OUTCRY_PORT', { default: 9000, min: 0, max: 65_535 }),
    adminPort: () => integer(env, 'OUTCRY_ADMIN_PORT', { default: 9464, min: 0, max: 65_535 }),
    logLevel: () => choice(env, 'LOG_LEVEL', logLevels, 'info'),
    tracing: () => readTracingConfig(env),
    databaseUrl: urlReader('DATABASE_URL', 'database'),
    busDatabaseUrl: () => (text(env, 'AMQP_URL', '') === '' ? urlReader('BUS_DATABASE_URL', 'bus')() : ''),
    amqpUrl: () => text(env, 'AMQP_URL', ''),
    databasePoolMax: () => integer(env, 'DATABASE_POOL_MAX', { default: 8, min: 1, max: 100 }),
    replica: () => text(env, 'OUTCRY_REPLICA', ''),
    release: () => text(env, 'OUTCRY_RELEASE', ''),
    niceness: () => integer(env, 'OUTCRY_NICE', { default: 0, min: 0, max: 19 }),
    clockFile: () => text(env, 'OUTCRY_CLOCK_FILE', ''),
    roleFile: () => text(env, 'OUTCRY_ROLE_FILE', ''),
    streamAgeMaxMs: () => 1_000 * integer(env, 'OUTCRY_STREAM_AGE_SECONDS', { default: 1_800, min: 10, max: 86_400 }),
    migratesOnly: () => isMigrationOnly(env),
    migratesAtStart: () => flag(env, 'OUTCRY_MIGRATE_AT_START', true),
    serviceKeys: () => serviceKeys(env),
    serviceSecret: () => (options.requires?.includes('secret') ? secret(env, 'SERVICE_SECRET') : ''),
    addressOf: () => (service) => address(env, service),
  });
}

/** Whether the process migrates its databases and does nothing else. Throws ConfigError for what is neither `true` nor `false`. */
export function isMigrationOnly(env: Environment): boolean {
  return flag(env, 'OUTCRY_MIGRATE_ONLY', false);
}

function serviceKeys(env: Environment): ServiceKeys {
  const read = isMigrationOnly(env) ? (name: string) => text(env, name, '') : (name: string) => requireText(env, name);
  return serviceKeysInFiles(collect({ own: () => read('SERVICE_KEY_FILE'), public: () => read('SERVICE_JWKS_FILE') }));
}

function secret(env: Environment, name: string): string {
  const value = requireText(env, name);
  if (value.length < secretLengthMin) throw new ConfigError([`${name} is shorter than ${secretLengthMin} characters`]);
  return value;
}
