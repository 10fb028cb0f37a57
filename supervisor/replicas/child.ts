import { spawn } from 'node:child_process';
import type { Launch } from './launch-plan.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { endProcesses } from './orphans.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from './process-identity.ts';
import { StartError } from './start-error.ts';

/** How a process ended. */
export type ExitStatus = { code: number | null; signal: NodeJS.Signals | null };

/** A running replica. */
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

const FATAL_LEVEL = '"level":"fatal"';

/**
 * Starts a replica as a process of its own. It leads its own process group, so that a Ctrl-C in the terminal reaches the
 * supervisor only, which stops everything in order.
 *
 * @param onFatal is called with the message of each fatal line in its log
 * @throws StartError when the system cannot start a process
 */
export function spawnChild(launch: Launch, onFatal: (message: string) => void): Child {
  const log = openLogFile(launch.logPath, { onLine: (line) => reportFatal(line, onFatal) });
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
  }).finally(() => log.close());
  if (child.pid === undefined)
    throw new StartError(`cannot start a process for ${launch.name}`, { details: log.tail() });
  const identity = identifyProcess(child.pid) ?? { pid: child.pid, startTime: '' };
  return describeChild(launch, identity, ended, log);
}

/** How a process ended, in words. */
export function describeExit({ code, signal }: ExitStatus): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

function describeChild(launch: Launch, identity: ProcessIdentity, ended: Promise<ExitStatus>, log: LogFile): Child {
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

function reportFatal(line: string, onFatal: (message: string) => void): void {
  if (!line.includes(FATAL_LEVEL)) return;
  try {
    onFatal(describeEntry(JSON.parse(line)));
  } catch {
    onFatal(line);
  }
}

// A log entry's message with what explains it: a list of problems, or an error.
function describeEntry(entry: { msg?: string; problems?: string[]; error?: LoggedError; err?: LoggedError }): string {
  const reasons = entry.problems ?? [entry.error?.message ?? entry.err?.message ?? ''];
  return [entry.msg ?? '', reasons.join('; ')].filter((part) => part !== '').join(': ');
}

type LoggedError = { message?: string };
