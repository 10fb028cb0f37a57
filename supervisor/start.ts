import { collectWhenIdle } from '#platform/lifecycle/collect-when-idle.ts';
import { describeRun } from './banner.ts';
import { startClock, stopClock } from './data/clock-setting.ts';
import { type DataPaths, deleteEmbeddedDatabase, prepareDataDirectory } from './data/data-directory.ts';
import { lockDataDirectory } from './data/lock.ts';
import { endOrphans } from './data/orphans.ts';
import { readRunFile, removeRunFile } from './data/run-file.ts';
import { loadSecrets, type Secrets } from './data/secrets.ts';
import { makeServiceKeys, serviceKeyFiles } from './data/service-keys.ts';
import { startObserving, tracedEnvironment } from './observe/start-observing.ts';
import {
  chooseServices,
  type Launch,
  loopbackHost,
  planLaunches,
  portsNeeded,
  replicasOf,
} from './plan/launch-plan.ts';
import { postgresPort, requireFreePorts } from './plan/ports.ts';
import { busDatabase, type ServiceDefinition } from './plan/services.ts';
import { createDatabases, type DatabasePlan, databaseUrl, planDatabases } from './postgres/databases.ts';
import { type ManagedPostgres, managePostgres } from './postgres/managed-postgres.ts';
import { type RestartLimits, standardRestartLimits } from './processes/restart-policy.ts';
import { requireRabbitmq } from './rabbitmq/managed-rabbitmq.ts';
import { startRabbitmq } from './rabbitmq/start-rabbitmq.ts';
import { superviseAll } from './replicas/supervise.ts';
import { createRunRecorder, type RunRecorder } from './run-recorder.ts';
import { beginOf } from './start-time.ts';
import { clockOfTape, playTape } from './tape/tape.ts';
import { parseStartFlags, type StartFlags, startUsage } from './terminal/flags.ts';
import { type Interrupt, untilAborted } from './terminal/interrupt.ts';
import { elapsedSince, type Output } from './terminal/output.ts';
import { reportFailure, StartError } from './terminal/start-error.ts';

/** What `npm start` works with; tests pass services of their own. */
export type StartOptions = {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  projectDirectory: string;
  services: readonly ServiceDefinition[];
  output: Output;
  interrupt: Interrupt;
  /** Fills the compile cache for all processes; resolves to whether anything had changed. */
  compile: (signal: AbortSignal) => Promise<boolean>;
  /**
   * Makes the demo users once everything is ready. Resolves when they are there, or when what is missing is tried again in the
   * background until the signal aborts; never rejects.
   */
  seed: (gatewayUrl: string, options: { output: Output; signal: AbortSignal }) => Promise<void>;
  /** Bounds of restarting; default the standard ones. */
  restartLimits?: RestartLimits;
};

/**
 * Runs the whole system until it is interrupted. Resolves to the exit code, 0, or another when it could not start; nothing is left
 * running.
 */
export async function startOutcry(options: StartOptions): Promise<number> {
  try {
    const flags = parseStartFlags(options.args, {
      projectDirectory: options.projectDirectory,
      replicasMaxByService: new Map(options.services.map((service) => [service.name, service.replicasMax])),
    });
    if (!flags.help) return await runSystem(options, flags);
    options.output.line(startUsage);
    return 0;
  } catch (error) {
    return reportFailure(error, options.output);
  }
}

/** What is decided before the start changes anything. */
type System = {
  options: StartOptions;
  flags: StartFlags;
  startTimeMs: number;
  /** The services that run this time. */
  running: readonly ServiceDefinition[];
  databases: DatabasePlan;
  restartLimits: RestartLimits;
};

async function runSystem(options: StartOptions, flags: StartFlags): Promise<number> {
  const system = planSystem(options, flags);
  const clockFlags = flags.tape === undefined ? flags.clock : clockOfTape(flags.tape);
  await using cleanup = new AsyncDisposableStack();
  const paths = prepareDataDirectory(flags.dataDirectory);
  const lock = lockDataDirectory(paths.root);
  cleanup.defer(() => lock.release());
  await clearLeftovers(paths, flags, options.output);
  const { running, databases } = system;
  const clockFile = startClock({ paths, flags: clockFlags, isEmbedded: databases.embedded });
  cleanup.defer(() => stopClock(paths.root));
  const secrets = loadSecrets(paths.root);
  makeServiceKeys(paths.root, options.services);
  await requireFreePorts(loopbackHost, portsNeeded(running, flags, { embeddedPostgres: databases.embedded }));
  options.output.line(`Outcry starts; its data is in ${paths.root}`);
  const record = createRunRecorder({ flags, services: running, paths, output: options.output });
  cleanup.defer(() => removeRunFile(paths.root));
  try {
    await operate({ system, paths, secrets, clockFile, record, cleanup });
    options.output.line('\nStopping: what is under way is finished first (Ctrl-C again stops at once)');
    return 0;
  } catch (error) {
    return reportFailure(error, options.output);
  }
}

function planSystem(options: StartOptions, flags: StartFlags): System {
  const { env } = options;
  const running = chooseServices(options.services, flags, env);
  const owners = running.filter((service) => service.database).map((service) => service.name);
  const hasBusDatabase = running.some((service) => service.bus) && !flags.rabbitmq && !env.AMQP_URL;
  const names = hasBusDatabase ? [...owners, busDatabase] : owners;
  if (flags.fresh && env.DATABASE_URL) {
    throw new StartError(
      '--fresh deletes the embedded database only, and DATABASE_URL names another; empty that one yourself',
    );
  }
  if (flags.rabbitmq && env.AMQP_URL) {
    throw new StartError('--rabbitmq starts a RabbitMQ, and AMQP_URL names another; leave one of them out');
  }
  if (flags.rabbitmq) requireRabbitmq();
  return {
    options,
    flags,
    running,
    startTimeMs: beginOf(env),
    databases: planDatabases(names, env),
    restartLimits: options.restartLimits ?? standardRestartLimits,
  };
}

async function clearLeftovers(paths: DataPaths, flags: StartFlags, output: Output): Promise<void> {
  const ended = await endOrphans(readRunFile(paths.root), paths.postgres);
  if (ended > 0) output.line(`Ended ${ended} processes that an interrupted start left running`);
  removeRunFile(paths.root);
  if (flags.fresh) deleteEmbeddedDatabase(paths);
}

type Operation = {
  system: System;
  paths: DataPaths;
  secrets: Secrets;
  clockFile: string;
  record: RunRecorder;
  /** Collects what is undone when the operation ends, also by an error. */
  cleanup: AsyncDisposableStack;
};

// Resolves when it was interrupted; rejects when it cannot start.
async function operate(operation: Operation): Promise<void> {
  const { system, record, cleanup } = operation;
  const { options } = system;
  // At the same time as the database starts; the services start after both.
  const compiled = compileInBackground(operation);
  const startingRabbitmq = system.flags.rabbitmq
    ? startRabbitmq({ ...operation, ...system.options, ...system })
    : undefined;
  cleanup.defer(async () => (await startingRabbitmq?.catch(() => undefined))?.stop());
  const postgres = system.databases.embedded ? await startPostgres(operation) : undefined;
  if (postgres) cleanup.defer(() => postgres.stop());
  const observing = await startObserving({ ...operation, ...options, ...system });
  const serverUrl = postgres?.first.adminUrl ?? system.databases.serverUrl ?? '';
  const rabbitmq = await startingRabbitmq;
  await createDatabases(system.databases, serverUrl);
  await compiled;
  if (options.interrupt.signal.aborted) return;

  const supervisor = superviseAll({
    launches: planAll(operation, { serverUrl, amqpUrl: rabbitmq?.first.url ?? options.env.AMQP_URL ?? '' }),
    ...system,
    output: options.output,
    onChange: record.children,
    onFailing: record.failing,
  });
  cleanup.defer(() => supervisor.stop());
  options.interrupt.onForce(() => {
    supervisor.kill();
    rabbitmq?.kill();
    observing.kill();
    postgres?.kill();
  });
  const interrupted = untilAborted(options.interrupt.signal);
  await Promise.race([supervisor.allReady.then(() => becomeReady(operation)), interrupted]);
  await interrupted;
  record.stopping();
}

async function becomeReady({ system, secrets, record }: Operation): Promise<void> {
  const { options, flags, startTimeMs } = system;
  const { output, interrupt } = options;
  await options.seed(`http://${loopbackHost}:${flags.port}`, { output, signal: interrupt.signal });
  if (interrupt.signal.aborted) return;
  const run = record.ready(performance.now() - startTimeMs);
  output.line(describeRun(run, secrets));
  if (flags.tape !== undefined) playTape(flags.tape, { dataDirectory: run.dataDirectory, signal: interrupt.signal });
  void collectWhenIdle({ signal: interrupt.signal });
}

async function compileInBackground({ system, cleanup }: Operation): Promise<void> {
  const { options, startTimeMs } = system;
  const ending = new AbortController();
  cleanup.defer(() => ending.abort());
  const signal = AbortSignal.any([ending.signal, options.interrupt.signal]);
  if (await options.compile(signal)) options.output.progress('code', elapsedSince(startTimeMs));
}

async function startPostgres({ system, paths, secrets, record }: Operation): Promise<ManagedPostgres> {
  const { flags, options, running, startTimeMs } = system;
  const processes = running.reduce((sum, service) => sum + replicasOf(service, flags), 0);
  const postgres = await managePostgres({
    dataDirectory: paths.postgres,
    port: postgresPort(flags.port),
    password: secrets.postgresPassword,
    connectionsMax: Math.max(connectionsMin, processes * connectionsPerProcess),
    walArchive: flags.walArchive,
    logPath: `${paths.logs}/postgres.log`,
    restartLimits: system.restartLimits,
    output: options.output,
    onStart: record.postgres,
    onFailing: record.failing,
  });
  options.output.progress('postgres', elapsedSince(startTimeMs));
  return postgres;
}

// A service's own pool, its bus, and a listener for each.
const [connectionsPerProcess, connectionsMin] = [16, 200];

function planAll(
  { system, paths, secrets, clockFile }: Operation,
  { serverUrl, amqpUrl }: { serverUrl: string; amqpUrl: string },
): Launch[] {
  const { options, flags, running, databases } = system;
  return planLaunches(
    {
      inherited: tracedEnvironment(flags, options.env),
      secrets,
      keyFilesOf: (name) => serviceKeyFiles(paths.root, name),
      clockFile,
      services: options.services,
      databaseUrlOf: (name) => databaseUrl(databases, serverUrl, name),
      amqpUrl,
    },
    { flags, running, projectDirectory: options.projectDirectory, logDirectory: paths.logs },
  );
}
