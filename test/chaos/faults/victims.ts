/** Processes of the system, to be ended and frozen. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type RunFile } from '../../../supervisor/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { processTree } from '../system/server-processes.ts';

/** A process, whichever runs at the moment. */
export type Victim = {
  /** Resolves when it runs and is ready; rejects after a minute. */
  untilReady(): Promise<void>;
  /** Ends it with a signal. Resolves when it has ended, and rejects when it has not within half a minute. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Stops it, and returns what lets it go on. */
  freeze(): () => void;
};

const lookMs = 50;
const readyTimeoutMs = 60_000;
/** A node takes up to 90 s on a machine that is busy. */
const brokerReadyTimeoutMs = 120_000;
const endTimeoutMs = 30_000;
const probeTimeoutMs = 1_000;

/** A replica (`order-1`), `postgres` or `broker`. */
export function victimOf({ system }: Pick<ChaosSystem, 'system'>, name: string): Victim {
  if (name === 'postgres') return postgresOf(system);
  return name === 'broker' ? brokerOf(system) : replicaOf(system, name);
}

/** The replica with this name, as the supervisor has recorded it; undefined while it does not run. */
export function findReplica(run: RunFile, name: string): RunFile['processes'][number] | undefined {
  return run.processes.find((process) => `${process.name}-${process.replica}` === name);
}

function replicaOf(system: RunningSystem, name: string): Victim {
  const pidOf = () => findReplica(system.run(), name)?.pid;
  return {
    untilReady: () => until(`${name} is ready`, readyTimeoutMs, () => isReady(findReplica(system.run(), name))),
    async end(signal) {
      const pid = requirePid(pidOf(), name);
      process.kill(pid, signal);
      await until(`${name} has ended`, endTimeoutMs, async () => pidOf() !== pid);
    },
    freeze() {
      const pid = requirePid(pidOf(), name);
      process.kill(pid, 'SIGSTOP');
      return () => signalAll([pid], 'SIGCONT');
    },
  };
}

function postgresOf(system: RunningSystem): Victim {
  const pidOf = () => system.run().postgres?.pid;
  const port = () => system.run().postgres?.port ?? 0;
  return {
    untilReady: () => until('PostgreSQL takes connections', readyTimeoutMs, () => takesConnections(port())),
    async end(signal) {
      const pid = requirePid(pidOf(), 'postgres');
      // Of a killed server no process is left, as when its machine lost its power; SIGINT is its orderly end.
      if (signal === 'SIGKILL') killTree(pid);
      else process.kill(pid, 'SIGINT');
      await until('PostgreSQL has ended', endTimeoutMs, async () => pidOf() !== pid);
    },
    freeze() {
      const pids = processTree(requirePid(pidOf(), 'postgres'));
      signalAll(pids, 'SIGSTOP');
      return () => signalAll(pids, 'SIGCONT');
    },
  };
}

/** The record names the server that has ended until the next one takes connections. */
function brokerOf(system: RunningSystem): Victim {
  const running = () => system.run().rabbitmq?.processes.slice(0, 1).find(isRunning);
  const port = () => Number(new URL(system.run().rabbitmq?.amqpUrl ?? 'amqp://none').port);
  const isThere = async () => running() !== undefined && (await takesConnections(port()));
  return {
    untilReady: () => until('RabbitMQ takes connections', brokerReadyTimeoutMs, isThere),
    async end(signal) {
      const pid = requirePid(running()?.pid, 'broker');
      process.kill(pid, signal);
      await until('RabbitMQ has ended', endTimeoutMs, async () => running()?.pid !== pid);
    },
    freeze() {
      const pid = requirePid(running()?.pid, 'broker');
      process.kill(pid, 'SIGSTOP');
      return () => signalAll([pid], 'SIGCONT');
    },
  };
}

/** The parent is stopped first, so that it forks no child that a look would miss, and killed last, so that no child acts on its end. */
function killTree(pid: number): void {
  signalAll([pid], 'SIGSTOP');
  const [parent = pid, ...children] = processTree(pid);
  signalAll(children, 'SIGKILL');
  signalAll([parent], 'SIGKILL');
}

/** Waits until a condition holds. Rejects with its name after a time. */
export async function until(name: string, timeoutMs: number, holds: () => Promise<boolean>): Promise<void> {
  for (const deadlineMs = performance.now() + timeoutMs; !(await holds()); await sleep(lookMs)) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs / 1_000} s: ${name}`);
  }
}

/** Whether a replica answers its probe. */
export async function isReady(replica: { adminPort: number } | undefined): Promise<boolean> {
  if (replica === undefined) return false;
  try {
    const url = `http://127.0.0.1:${replica.adminPort}/readyz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

function requirePid(pid: number | undefined, name: string): number {
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}
