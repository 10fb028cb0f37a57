import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunFile, readRunFile } from '../data/run-file.ts';
import { loadSecrets } from '../data/secrets.ts';
import { adminEmail } from '../plan/environment.ts';
import { loopbackHost } from '../plan/launch-plan.ts';
import { isRunning, signalProcess } from '../processes/process-identity.ts';
import { projectDirectory } from '../project-directory.ts';
import { findFreePortRange } from './free-port-range.ts';

/** The whole system, started by its own command; disposing stops it in order and waits until nothing of it is left. */
export type RunningSystem = AsyncDisposable & {
  /** Base URLs of all gateways. */
  gatewayUrls: readonly string[];
  /** Base URL of the first gateway, by number so that no name is looked up. */
  gatewayUrl: string;
  gatewayPort: number;
  dataDirectory: string;
  admin: { email: string; password: string };
  /** From the command to ready, in milliseconds. */
  readyMs: number;
  /** What runs at the moment. Throws when nothing does. */
  run(): RunFile;
  /** The last 20,000 characters that were printed. */
  output(): string;
  /** Stops everything as Ctrl-C does and resolves to the exit code. Rejects when it does not stop within a minute; it is ended then. */
  stop(): Promise<number>;
};

/** What to start. */
export type StartSystemOptions = {
  /** Flags of `npm start`, such as `['--replicas', 'order=2']`. */
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Data folder, left there at the end; default a new one, deleted at the end. */
  dataDirectory?: string;
  /** Folder of another checkout with its dependencies installed; default this one. */
  checkout?: string;
  /** Whether to run `npm start` itself rather than the script that it runs; default false. */
  throughNpm?: boolean;
  /** Another script of the checkout that starts the system, with the same flags (see start-variant.ts). */
  script?: string;
  /** Port of the first gateway, from which all ports are counted and free; default any. */
  gatewayPort?: number;
  /**
   * Aborts the start. With a signal the caller handles a Ctrl-C in the terminal and stops the system itself; without one the Ctrl-C
   * reaches the system too.
   */
  signal?: AbortSignal;
};

const readyTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;
const pollIntervalMs = 20;
const outputCharactersMax = 20_000;

/** Starts the system on free ports and resolves once it is ready. Rejects with what it printed when it does not become ready. */
export async function startSystem(options: StartSystemOptions = {}): Promise<RunningSystem> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'outcry-system-')));
  const gatewayPort = options.gatewayPort ?? (await findFreePortRange());
  const startTimeMs = performance.now();
  const child = spawnStart(options, ['--port', String(gatewayPort), '--data', dataDirectory, ...(options.flags ?? [])]);
  const output = collectOutput(child);
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });
  const stop = () => stopSystem(dataDirectory, { child, ended, output });
  const removeData = async () => {
    if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await untilReady(dataDirectory, ended, options.signal);
  } catch (error) {
    await stop().catch(() => {});
    await removeData();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${output()}`);
  }
  const readyMs = performance.now() - startTimeMs;
  const run = () => requireRun(dataDirectory, output);
  return {
    gatewayUrls: run().gatewayUrls,
    gatewayUrl: `http://${loopbackHost}:${gatewayPort}`,
    gatewayPort,
    dataDirectory,
    admin: { email: adminEmail, password: loadSecrets(dataDirectory).adminPassword },
    readyMs,
    run,
    output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await removeData();
    },
  };
}

function spawnStart(
  { checkout, throughNpm, script, env, signal }: StartSystemOptions,
  args: readonly string[],
): ChildProcess {
  const [command, ...first] = throughNpm
    ? ['npm', 'start', '--silent', '--']
    : [process.execPath, script ?? join('scripts', 'start.mjs')];
  return spawn(command, [...first, ...args], {
    cwd: checkout ?? projectDirectory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own is not reached by the terminal's Ctrl-C.
    detached: signal !== undefined,
  });
}

async function untilReady(dataDirectory: string, ended: Promise<number>, signal?: AbortSignal): Promise<void> {
  const hasEnded = ended.then(() => true);
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (readRunFile(dataDirectory)?.state !== 'ready') {
    signal?.throwIfAborted();
    if (performance.now() > deadlineMs) throw new Error(`the system is not ready after ${readyTimeoutMs} ms:`);
    if (await Promise.race([hasEnded, sleep(pollIntervalMs, false)])) {
      throw new Error('the system ended before it was ready:');
    }
  }
}

type StartedSystem = { child: ChildProcess; ended: Promise<number>; output: () => string };

// npm does not forward every signal, so the supervisor gets it directly, by its identity in run.json.
async function stopSystem(dataDirectory: string, { child, ended, output }: StartedSystem): Promise<number> {
  const run = readRunFile(dataDirectory);
  if (run && isRunning(run.supervisor)) signalProcess(run.supervisor, 'SIGTERM');
  else signalStart(child, 'SIGTERM');
  const code = await Promise.race([ended, sleep(stopTimeoutMs, undefined, { ref: false })]);
  if (code !== undefined) return code;
  if (run) {
    for (const identity of [run.supervisor, ...run.processes]) signalProcess(identity, 'SIGKILL');
    if (run.postgres) signalProcess(run.postgres, 'SIGQUIT');
  }
  signalStart(child, 'SIGKILL');
  throw new Error(`the system did not stop within ${stopTimeoutMs} ms and was ended:\n${output()}`);
}

// A process that npm started and that is not in run.json yet is reached through its process group.
function signalStart(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

function requireRun(dataDirectory: string, output: () => string): RunFile {
  const run = readRunFile(dataDirectory);
  if (run === undefined) throw new Error(`nothing runs:\n${output()}`);
  return run;
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text = `${text}${String(chunk)}`.slice(-outputCharactersMax);
    });
  }
  child.once('error', (error) => {
    text += `${error.message}\n`;
  });
  return () => text.trim();
}
