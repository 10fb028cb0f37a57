import { spawn } from 'node:child_process';
import type { Launch } from '../plan/launch-plan.ts';
import { endProcesses } from '../processes/end-processes.ts';
import type { LogFile } from '../processes/log-file.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from '../processes/process-identity.ts';

/** How a process ended. */
export type ExitStatus = { code: number | null; signal: NodeJS.Signals | null };

/** A running process of a replica. */
export type Child = {
  readonly launch: Launch;
  readonly identity: ProcessIdentity;
  /** Resolves when the process has ended and its output is in the log. */
  readonly ended: Promise<ExitStatus>;
  /** The last lines of its output. */
  tail(): string[];
  /** Asks it to drain and end; forces it after the grace period. */
  stop(graceMs: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

/**
 * Starts a replica as a process of its own, whose output goes to `log`. It leads its own process group, so that a Ctrl-C in the
 * terminal reaches the supervisor only, which stops everything in order.
 *
 * @throws Error when the system cannot start a process
 */
export function spawnChild(launch: Launch, log: LogFile): Child {
  const child = spawn(process.execPath, [...launch.nodeFlags, launch.main], {
    env: launch.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => log.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => log.write(chunk));
  const ended = new Promise<ExitStatus>((resolve) => {
    child.on('error', (error) => log.write(Buffer.from(`${error.message}\n`)));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  if (child.pid === undefined) throw new Error('the system cannot start a process');
  const identity = identifyProcess(child.pid) ?? { pid: child.pid, startTime: '' };
  return {
    launch,
    identity,
    ended,
    tail: () => log.tail(),
    kill: () => signalProcess(identity, 'SIGKILL'),
    async stop(graceMs) {
      await endProcesses([identity], { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs });
      await ended;
    },
  };
}

/** How a process ended, in words. */
export function describeExit({ code, signal }: ExitStatus): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
