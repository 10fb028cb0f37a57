import type { DataPaths } from './data/data-directory.ts';
import { type RunFile, type Watcher, writeRunFile } from './data/run-file.ts';
import { gatewayUrl, replicasOf } from './plan/launch-plan.ts';
import { postgresPort, smtpPort } from './plan/ports.ts';
import type { ServiceDefinition } from './plan/services.ts';
import { identifyProcess, type ProcessIdentity } from './processes/process-identity.ts';
import type { OnFailing } from './processes/restarts.ts';
import type { Child } from './replicas/child.ts';
import type { StartFlags } from './terminal/flags.ts';
import type { Output } from './terminal/output.ts';

/**
 * Writes the run file at each change. When it cannot be written, a start fails; later, as when the disk is full, a line on the terminal
 * says so, and the next change writes it again.
 */
export type RunRecorder = {
  postgres(identity: ProcessIdentity): void;
  rabbitmq(rabbitmq: NonNullable<RunFile['rabbitmq']>): void;
  /** Records what watches the system, instead of what had that name. */
  observe(watcher: Watcher): void;
  children(children: readonly Child[]): void;
  failing: OnFailing;
  /** Records that everything is ready, `afterMs` after the start. Throws the file system's error. */
  ready(afterMs: number): RunFile;
  stopping(): void;
};

/** The first contents of a record. */
export type RunRecorderOptions = {
  flags: StartFlags;
  services: readonly ServiceDefinition[];
  paths: DataPaths;
  output: Output;
};

/** Begins the record of a start. Throws the file system's error when the file cannot be written. */
export function createRunRecorder(options: RunRecorderOptions): RunRecorder {
  let run = firstRecord(options);
  writeRunFile(run);
  const update = (change: Partial<RunFile>): void => {
    run = { ...run, ...change };
    try {
      writeRunFile(run);
    } catch (error) {
      options.output.line(`  run.json is not written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    postgres: (identity) => {
      const port = postgresPort(options.flags.port);
      update({ postgres: { ...identity, port, dataDirectory: options.paths.postgres } });
    },
    rabbitmq: (rabbitmq) => update({ rabbitmq }),
    observe: (watcher) => {
      const others = (run.observing ?? []).filter(({ name }) => name !== watcher.name);
      update({ observing: [...others, watcher] });
    },
    children: (children) => update({ processes: children.map(describeChild) }),
    failing: (name, failing) => {
      const others = run.failing.filter((one) => one.name !== name);
      update({ failing: failing ? [...others, failing] : others });
    },
    ready: (afterMs) => {
      run = { ...run, state: 'ready', readyAfterMs: Math.round(afterMs) };
      writeRunFile(run);
      return run;
    },
    stopping: () => update({ state: 'stopping' }),
  };
}

function firstRecord({ flags, services, paths }: RunRecorderOptions): RunFile {
  const gateways = flags.replicas.get('gateway') ?? 1;
  const hasMailbox = services.some((service) => service.name === 'mailbox');
  return {
    version: 1,
    state: 'starting',
    supervisor: identifyProcess(process.pid) ?? { pid: process.pid, startTime: '' },
    dataDirectory: paths.root,
    ...(flags.walArchive === undefined ? {} : { walArchive: flags.walArchive }),
    startTime: new Date().toISOString(),
    gatewayUrl: gatewayUrl(flags.port),
    gatewayUrls: Array.from({ length: gateways }, (_, replica) => gatewayUrl(flags.port + replica)),
    replicas: Object.fromEntries(services.map((service) => [service.name, replicasOf(service, flags)])),
    seed: flags.seed,
    simulator: flags.simulator,
    ...(hasMailbox ? { smtpPort: smtpPort(flags.port) } : {}),
    processes: [],
    failing: [],
  };
}

function describeChild({ launch, identity }: Child): RunFile['processes'][number] {
  const { name, replica, port, adminPort, stopStage } = launch;
  return { name, replica, ...identity, port, adminPort, stopStage };
}
