/** A system of a run: in a folder of its own, with proxies, agents, and a disk that can be full. */
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '../../../supervisor/index.ts';
import { findFreePortRange, type RunningSystem, startSystem } from '../../../supervisor/testing/index.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { type Links, startLinks } from './links.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** What a run works on. */
export type ChaosSystem = AsyncDisposable & {
  system: RunningSystem;
  links: Links;
  control: ControlServer;
  /** Absent where a file system cannot be mounted. */
  disk: SmallDisk | undefined;
  folder: string;
};

/** How to start it. */
export type ChaosSystemOptions = {
  /** Replicas of every service that may run twice; default 2. */
  replicas?: number;
  /** Over `replicas`, by service. */
  replicasOf?: Readonly<Record<string, number>>;
  /** What carries events: PostgreSQL, or the RabbitMQ that is installed, in the folder of the run; default PostgreSQL. */
  bus?: 'postgres' | 'amqp';
  /** Another tree of the sources; default this one. */
  checkout?: string;
  /** Size of the disk of PostgreSQL; default none of its own. */
  diskMib?: number;
  /** Whether processes report the points at which they can be ended; default false. */
  points?: boolean;
  /** Whether the folder is left where it is; default false. */
  save?: boolean;
  env?: Readonly<Record<string, string>>;
};

/** Limits that traffic never reaches, and a payment provider that misbehaves. */
const environment = {
  GATEWAY_CALLS_PER_SECOND_MAX: '100000',
  GATEWAY_CALLS_BURST_MAX: '100000',
  // The judge reads the journal from its first group, however long the run was.
  EXCHANGE_JOURNAL_TRIMMED: 'false',
  // The payment provider answers late, refuses, and calls back twice; what it never says would take longer than a run waits.
  LEDGER_LOCAL_PAYMENT_DELAY_MS_MAX: '300',
  LEDGER_LOCAL_PAYMENT_REFUSED_PERCENT: '3',
  LEDGER_LOCAL_PAYMENT_FAILED_PERCENT: '3',
  LEDGER_LOCAL_PAYMENT_REPEATED_PERCENT: '30',
  LEDGER_LOCAL_PAYMENT_LATE_PERCENT: '5',
  LEDGER_LOCAL_PAYMENT_LATE_MS: '2000',
};

/** Starts it; what was started is ended again when that fails. */
export async function startChaosSystem(options: ChaosSystemOptions = {}): Promise<ChaosSystem> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'outcry-chaos-'));
  if (!options.save) stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const gatewayPort = await findFreePortRange();
  const control = stack.use(await startControlServer());
  const { bus = 'postgres' } = options;
  const links = stack.use(await startLinks(gatewayPort, bus, (name) => replicasOf(options, name)));
  const dataDirectory = join(folder, 'data');
  const disk = options.diskMib === undefined ? undefined : await mountSmallDisk(join(folder, 'disk'), options.diskMib);
  if (disk !== undefined) {
    stack.use(disk);
    const { clusterDirectory } = disk;
    if (options.save) stack.defer(() => saveCluster(clusterDirectory, dataDirectory));
    await mkdir(dataDirectory, { recursive: true });
    await disk.createCluster({ dataDirectory, gatewayPort });
    await symlink(disk.clusterDirectory, join(dataDirectory, 'postgres'));
  }
  const system = stack.use(
    await startSystem({
      ...(options.checkout === undefined ? {} : { checkout: options.checkout }),
      script: 'test/chaos/system/start.ts',
      gatewayPort,
      dataDirectory,
      flags: ['--no-simulator', '--replicas', replicaFlag(options), ...(bus === 'amqp' ? ['--rabbitmq'] : [])],
      env: {
        ...environment,
        CHAOS_CONTROL_PORT: String(control.port),
        CHAOS_LINKS: links.environment,
        CHAOS_POINTS: options.points ? '1' : '0',
        ...options.env,
      },
      // The runner stops it: a Ctrl-C in the terminal is the runner's.
      signal: new AbortController().signal,
    }),
  );
  const started = stack.move();
  return { system, links, control, disk, folder, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** What is on the small disk goes with it. */
async function saveCluster(clusterDirectory: string, dataDirectory: string): Promise<void> {
  const saved = join(dataDirectory, 'postgres');
  await rm(saved);
  await cp(clusterDirectory, saved, { recursive: true, preserveTimestamps: true });
}

function replicasOf({ replicas = 2, replicasOf: own = {} }: ChaosSystemOptions, name: string): number {
  const max = services.find((service) => service.name === name)?.replicasMax ?? 1;
  return Math.min(max, own[name] ?? replicas);
}

function replicaFlag(options: ChaosSystemOptions): string {
  const names = services.map(({ name }) => name).filter((name) => name !== 'simulator');
  return names.map((name) => `${name}=${replicasOf(options, name)}`).join(',');
}
