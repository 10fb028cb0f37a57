import type { Child } from './child.ts';
import type { DataPaths } from './data-directory.ts';
import type { StartFlags } from './flags.ts';
import { gatewayUrl, replicasOf } from './launch-plan.ts';
import { postgresPort, smtpPort } from './ports.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';
import { type RunFile, writeRunFile } from './run-file.ts';
import type { ServiceDefinition } from './services.ts';

/** Keeps the run file true: it is written whenever a process was started, before anything else is done with it. */
export type RunRecorder = {
  postgres(identity: ProcessIdentity): void;
  children(children: readonly Child[]): void;
  /** Everything is ready, so long after the start. */
  ready(afterMs: number): RunFile;
  stopping(): void;
};

/** Begins the record of a start; each method throws the file system's error when the file cannot be written. */
export function createRunRecorder(options: {
  flags: StartFlags;
  services: readonly ServiceDefinition[];
  paths: DataPaths;
}): RunRecorder {
  let run = firstRecord(options);
  const update = (change: Partial<RunFile>): RunFile => {
    run = { ...run, ...change };
    writeRunFile(run);
    return run;
  };
  update({});
  return {
    postgres: (identity) => {
      const port = postgresPort(options.flags.port);
      update({ postgres: { ...identity, port, dataDirectory: options.paths.postgres } });
    },
    children: (children) => void update({ processes: children.map(describeChild) }),
    ready: (afterMs) => update({ state: 'ready', readyAfterMs: Math.round(afterMs) }),
    stopping: () => void update({ state: 'stopping' }),
  };
}

function firstRecord({ flags, services, paths }: Parameters<typeof createRunRecorder>[0]): RunFile {
  const gateways = flags.replicas.get('gateway') ?? 1;
  const hasMailbox = services.some((service) => service.name === 'mailbox');
  return {
    version: 1,
    state: 'starting',
    supervisor: identifyProcess(process.pid) ?? { pid: process.pid, startTime: '' },
    dataDirectory: paths.root,
    startTime: new Date().toISOString(),
    gatewayUrl: gatewayUrl(flags.port),
    gatewayUrls: Array.from({ length: gateways }, (_, replica) => gatewayUrl(flags.port + replica)),
    replicas: Object.fromEntries(services.map((service) => [service.name, replicasOf(service, flags)])),
    seed: flags.seed,
    simulator: flags.simulator,
    ...(hasMailbox ? { smtpPort: smtpPort(flags.port) } : {}),
    processes: [],
  };
}

function describeChild({ launch, identity }: Child): RunFile['processes'][number] {
  const { name, replica, port, adminPort, stopStage } = launch;
  return { name, replica, ...identity, port, adminPort, stopStage };
}
