import { describeRun } from './banner.ts';
import { type DataPaths, deleteEmbeddedDatabase, prepareDataDirectory } from './data-directory.ts';
import { createDatabases, type DatabasePlan, databaseUrl, planDatabases } from './databases.ts';
import { parseStartFlags, START_USAGE, type StartFlags } from './flags.ts';
import type { Interrupt } from './interrupt.ts';
import { chooseServices, HOST, type Launch, planLaunches, portsNeeded, replicasOf } from './launch-plan.ts';
import { lockDataDirectory } from './lock.ts';
import { type ManagedPostgres, managePostgres } from './managed-postgres.ts';
import { endOrphans } from './orphans.ts';
import { elapsedSince, type Output } from './output.ts';
import { postgresPort, requireFreePorts } from './ports.ts';
import { readRunFile, removeRunFile } from './run-file.ts';
import { createRunRecorder, type RunRecorder } from './run-recorder.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import type { ServiceDefinition } from './services.ts';
import { reportFailure, StartError } from './start-error.ts';
import { superviseAll } from './supervisor.ts';

/** What `npm start` works with; tests give services of their own. */
export type StartOptions = {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  projectDirectory: string;
  services: readonly ServiceDefinition[];
  output: Output;
  interrupt: Interrupt;
  /** Compiles what is new, once for all processes; resolves to whether there was anything. */
  compile: (signal: AbortSignal) => Promise<boolean>;
  /** Makes the demo users once everything is ready. */
  seed: (gatewayUrl: string) => Promise<void>;
};

/** Runs the whole system until it is interrupted or cannot go on. Resolves to the exit code; nothing is left running. */
export async function startOutcry(options: StartOptions): Promise<number> {
  try {
    const flags = parseStartFlags(options.args, {
      projectDirectory: options.projectDirectory,
      replicasMaxByService: new Map(options.services.map((service) => [service.name, service.replicasMax])),
    });
    if (!flags.help) return await runSystem(options, flags);
    options.output.line(START_USAGE);
    return 0;
  } catch (error) {
    return reportFailure(error, options.output);
  }
}

/** All that is decided before anything is touched. */
type System = {
  options: StartOptions;
  flags: StartFlags;
  startTimeMs: number;
  /** The services that run this time. */
  running: readonly ServiceDefinition[];
  databases: DatabasePlan;
};

async function runSystem(options: StartOptions, flags: StartFlags): Promise<number> {
  const system = planSystem(options, flags);
  await using cleanup = new AsyncDisposableStack();
  const paths = prepareDataDirectory(flags.dataDirectory);
  const lock = lockDataDirectory(paths.root);
  cleanup.defer(() => lock.release());
  await clearLeftovers(paths, flags, options.output);
  const secrets = loadSecrets(paths.root);
  const { running, databases } = system;
  await requireFreePorts(HOST, portsNeeded(running, flags, { embeddedPostgres: databases.embedded }));
  options.output.line(`Outcry starts; its data is in ${paths.root}`);
  const record = createRunRecorder({ flags, services: running, paths });
  cleanup.defer(() => removeRunFile(paths.root));
  try {
    await operate({ system, paths, secrets, record, cleanup });
    options.output.line('\nStopping: what is under way is finished first (Ctrl-C again stops at once)');
    return 0;
  } catch (error) {
    return reportFailure(error, options.output);
  }
}

function planSystem(options: StartOptions, flags: StartFlags): System {
  const { env } = options;
  const running = chooseServices(options.services, flags, env);
  const names = [...running.filter((service) => service.database).map((service) => service.name), 'bus'];
  if (flags.fresh && env.DATABASE_URL) {
    throw new StartError(
      '--fresh deletes the embedded database only, and DATABASE_URL names another; empty that one yourself',
    );
  }
  return { options, flags, running, startTimeMs: beginOf(env), databases: planDatabases(names, env) };
}

// The first stage hands on when it was done with installing: the time that it took since then counts too.
function beginOf(env: NodeJS.ProcessEnv): number {
  const startTimeMs = Number(env.OUTCRY_START_TIME_MS);
  return startTimeMs > 0 ? startTimeMs - performance.timeOrigin : performance.now();
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
  record: RunRecorder;
  /** Takes what must be undone when the operation ends, however it ends. */
  cleanup: AsyncDisposableStack;
};

// Resolves when it was interrupted; rejects when it cannot go on.
async function operate(operation: Operation): Promise<void> {
  const { system, secrets, record, cleanup } = operation;
  const { options, flags } = system;
  // Beside the database, which needs the other core: the services come after both.
  const compiled = compileInBackground(operation);
  const postgres = system.databases.embedded ? await startPostgres(operation) : undefined;
  if (postgres) cleanup.defer(() => postgres.stop());
  const serverUrl = postgres?.adminUrl ?? system.databases.serverUrl ?? '';
  await createDatabases(system.databases, serverUrl);
  await compiled;
  if (options.interrupt.signal.aborted) return;

  const launches = planAll(operation, serverUrl);
  const supervisor = superviseAll({
    launches,
    output: options.output,
    startTimeMs: system.startTimeMs,
    onChange: record.children,
  });
  cleanup.defer(() => supervisor.stop());
  options.interrupt.onForce(() => {
    supervisor.kill();
    postgres?.kill();
  });
  const becomeReady = async (): Promise<void> => {
    await supervisor.allReady;
    await options.seed(`http://${HOST}:${flags.port}`);
    const run = record.ready(performance.now() - system.startTimeMs);
    options.output.line(describeRun(run, secrets));
  };
  const failures = postgres ? [supervisor.failed, postgres.failed] : [supervisor.failed];
  await untilInterrupted(options.interrupt.signal, failures, becomeReady());
  record.stopping();
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
    connectionsMax: Math.max(CONNECTIONS_MIN, processes * CONNECTIONS_PER_PROCESS),
    logPath: `${paths.logs}/postgres.log`,
    output: options.output,
    onStart: record.postgres,
  });
  options.output.progress('postgres', elapsedSince(startTimeMs));
  return postgres;
}

// A service's own pool, its bus, and a listener for each.
const CONNECTIONS_PER_PROCESS = 16;
const CONNECTIONS_MIN = 200;

function planAll({ system, paths, secrets }: Operation, serverUrl: string): Launch[] {
  const { options, flags, running, databases } = system;
  return planLaunches(
    {
      inherited: options.env,
      secrets,
      services: options.services,
      databaseUrlOf: (name) => databaseUrl(databases, serverUrl, name),
    },
    { flags, running, projectDirectory: options.projectDirectory, logDirectory: paths.logs },
  );
}

async function untilInterrupted(
  signal: AbortSignal,
  failures: readonly Promise<never>[],
  work: Promise<void>,
): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const failedWork = work.then(() => interrupted);
  failedWork.catch(() => {});
  await Promise.race([interrupted, ...failures, failedWork]);
}
