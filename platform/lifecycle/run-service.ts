/**
 * Runs one service as one process: configuration, logs, metrics, probes, signals, and an ordered end. The only place that decides
 * an exit code.
 */
import { type BaseConfig, isMigrationOnly, readBaseConfig } from '#platform/config/base.ts';
import { address, ConfigError, collect, type Environment } from '#platform/config/env.ts';
import { withSecretFiles } from '#platform/config/secret-files.ts';
import { startAdminServer } from '#platform/telemetry/admin-server.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { startTracing } from '#platform/telemetry/start-tracing.ts';
import { startTimer } from '#platform/time/timer.ts';
import { collectWhenIdle } from './collect-when-idle.ts';
import { type AppOf, migrateResources, openResources } from './open-resources.ts';
import { createServiceApp, type OwnedApp } from './service-app.ts';
import type { ServiceNeeds } from './service-needs.ts';

/** A service as its main.ts describes it. */
export type RunServiceOptions<N extends ServiceNeeds, C> = {
  /** What it needs from its surroundings; all of that is open when it starts. */
  needs: N;
  /** Reads the service's own configuration; throws ConfigError. */
  readConfig?: (env: Environment) => C;
  /** Starts the service inside the app; rejects when it cannot start at all. */
  start: (app: AppOf<N>, config: C) => Promise<unknown>;
  /** Default process.env. */
  env?: Environment;
};

const exitLingerMs = 1_000;

/**
 * Starts the service and resolves when it has ended. SIGTERM or SIGINT: NOT_SERVING, no further calls, those in progress finish
 * (10 s at most), resources are disposed last first, exit code 0. A start that fails, or an uncaught fault: exit code 1. A process that only migrates
 * ends when that is done.
 */
export async function runService<const N extends ServiceNeeds, C>(options: RunServiceOptions<N, C>): Promise<void> {
  const logger = createLogger({ service: options.needs.name, level: 'info' });
  exitOnFault(logger);
  const stopped = stopSignal(logger);
  let app: OwnedApp | undefined;
  try {
    const { base, own } = readConfigs(options);
    app = await openApp(base, logger);
    const running = base.migratesOnly
      ? migrateResources(app, options.needs)
      : start(app, options, own).then(() => stopped);
    await Promise.race([running, stopped]);
    const { clean } = await app.shutdown();
    logger.info({ clean }, 'stopped');
    process.exitCode = clean ? 0 : 1;
  } catch (error) {
    if (error instanceof ConfigError) logger.fatal({ problems: error.problems }, 'the configuration is not valid');
    else logger.fatal({ error }, 'the service could not start');
    process.exitCode = 1;
    await app?.shutdown();
  }
  // A handle left open must not prevent the exit of a stopped process.
  startTimer(exitLingerMs, () => process.exit()).unref();
}

async function start<N extends ServiceNeeds, C>(
  app: OwnedApp,
  { needs, start: startService }: RunServiceOptions<N, C>,
  config: C,
): Promise<void> {
  await startService((await openResources(app, needs)) as AppOf<N>, config);
  void collectWhenIdle({ signal: app.signal });
}

function readConfigs<N extends ServiceNeeds, C>(options: RunServiceOptions<N, C>) {
  const { needs, readConfig } = options;
  const env = withSecretFiles(options.env ?? process.env);
  // What only migrates is given the addresses of its databases and nothing else.
  const { secret, ...databases } = needs;
  const requires = requiredParts(isMigrationOnly(env) ? databases : needs);
  const base = () => readBaseConfig(env, needs.name, { requires });
  if (isMigrationOnly(env)) return { base: base(), own: undefined as C };
  return collect<{ base: BaseConfig; own: C; addresses: object }>({
    base,
    own: () => readConfig?.(env) as C,
    // The addresses are read again where they are used; here so that all that is missing is reported at once.
    addresses: () => collect(Object.fromEntries(needs.calls.map((callee) => [callee, () => address(env, callee)]))),
  });
}

function requiredParts({ database, bus, secret }: ServiceNeeds): ('database' | 'bus' | 'secret')[] {
  return [
    ...(database ? (['database'] as const) : []),
    ...(bus ? (['bus'] as const) : []),
    ...(secret ? (['secret'] as const) : []),
  ];
}

async function openApp(config: BaseConfig, logger: Logger): Promise<OwnedApp> {
  logger.level = config.logLevel;
  const metrics = createMetrics(config.service, { processMetrics: true });
  const app = createServiceApp({ config, logger, metrics });
  const { host, adminPort: port } = config;
  if (config.tracing !== undefined) app.onDispose(await startTracing(config.service, config.tracing));
  const ready = () => app.health.check('') === 'serving';
  app.onDispose(await startAdminServer({ host, port, metrics, ready, live: () => true }));
  return app;
}

function stopSignal(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        logger.info({ signal }, 'stopping');
        resolve();
      });
    }
  });
}

// After an uncaught fault, memory may be in any state. Truth lives in the database and every effect is keyed, so the
// process ends at once and its successor goes on from there.
function exitOnFault(logger: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ error }, event);
      process.exit(1);
    });
  }
}
