/** The whole system, started by its own command on free ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, signalProcess } from '../../scripts/start/process-identity.ts';
import { type RunFile, readRunFile } from '../../scripts/start/run-file.ts';
import { findFreeBasePort } from './free-port.ts';

/** A running system; disposing stops it in order and waits until nothing of it is left. */
export type RunningSystem = AsyncDisposable & {
  /** What runs at the moment. Throws when nothing does. */
  run(): RunFile;
  /** Base URL of the first gateway, by number so that no name is looked up. */
  gatewayUrl: string;
  gatewayPort: number;
  dataDirectory: string;
  /** From the command to ready, in ms. */
  readyMs: number;
};

/** What to start. */
export type StartSystemOptions = {
  /** Folder of the checkout, with its dependencies installed. */
  checkout: string;
  /** Data folder of the system; kept when it stops. */
  dataDirectory: string;
  /** Flags of `npm start`. */
  flags?: readonly string[];
  env?: Record<string, string>;
  signal: AbortSignal;
};

const readyTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;
const pollMs = 20;
const outputCharactersMax = 20_000;

/** Runs `npm start` and resolves once the system is ready. Rejects with what it printed when it does not become ready. */
export async function startSystem(options: StartSystemOptions): Promise<RunningSystem> {
  const { checkout, dataDirectory, flags = [], signal } = options;
  const gatewayPort = await findFreeBasePort();
  const startTimeMs = performance.now();
  const args = ['start', '--silent', '--', '--port', String(gatewayPort), '--data', dataDirectory, ...flags];
  // A group of its own: a Ctrl-C in the terminal reaches the bench only, which stops the system in order.
  const child = spawn('npm', args, {
    cwd: checkout,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = keepOutput(child);
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = () => stopSystem(dataDirectory, exited);
  try {
    await untilReady(dataDirectory, exited, signal);
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${output()}`);
  }
  return {
    run: () => requireRun(dataDirectory, output),
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    gatewayPort,
    dataDirectory,
    readyMs: performance.now() - startTimeMs,
    [Symbol.asyncDispose]: stop,
  };
}

/** The checkout that this file lies in. */
export const ownCheckout = join(import.meta.dirname, '..', '..');

async function untilReady(dataDirectory: string, exited: Promise<void>, signal: AbortSignal): Promise<void> {
  const ended = exited.then(() => true);
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (readRunFile(dataDirectory)?.state !== 'ready') {
    signal.throwIfAborted();
    if (performance.now() > deadlineMs) throw new Error(`the system is not ready after ${readyTimeoutMs} ms:`);
    if (await Promise.race([ended, sleep(pollMs, false)])) throw new Error('the system ended before it was ready:');
  }
}

// npm does not pass every signal on, so the supervisor is asked itself, by the identity that it wrote down.
async function stopSystem(dataDirectory: string, exited: Promise<void>): Promise<void> {
  const run = readRunFile(dataDirectory);
  if (run === undefined || !isRunning(run.supervisor)) return;
  signalProcess(run.supervisor, 'SIGTERM');
  const isStopped = await Promise.race([exited.then(() => true), sleep(stopTimeoutMs, false, { ref: false })]);
  if (isStopped) return;
  for (const identity of [run.supervisor, ...run.processes]) signalProcess(identity, 'SIGKILL');
  if (run.postgres) signalProcess(run.postgres, 'SIGQUIT');
  throw new Error(`the system did not stop within ${stopTimeoutMs} ms and was ended`);
}

function requireRun(dataDirectory: string, output: () => string): RunFile {
  const run = readRunFile(dataDirectory);
  if (run === undefined) throw new Error(`nothing runs:\n${output()}`);
  return run;
}

function keepOutput(child: ChildProcess): () => string {
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
