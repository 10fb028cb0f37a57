/** The whole system, started by its own command on free ports with a data folder of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '#platform/time/pause.ts';
import { ADMIN_EMAIL } from '../../scripts/start/environment.ts';
import { type RunFile, readRunFile } from '../../scripts/start/run-file.ts';

/** A running system. */
export type TestSystem = AsyncDisposable & {
  /** Base URLs of all gateways. */
  gatewayUrls: string[];
  dataDirectory: string;
  admin: { email: string; password: string };
  /** What runs at the moment. */
  run(): RunFile;
  /** What the supervisor has printed. */
  output(): string;
  /** Stops everything as Ctrl-C does and returns the exit code. */
  stop(): Promise<number>;
};

const readyTimeoutMs = 90_000;
const stopTimeoutMs = 60_000;
// The port scheme counts from the gateway's port; see scripts/start/ports.ts. Ports from 32768 on are those that connections take
// as they come, on Linux: one of them may be gone at any moment.
const portSpan = 130;
const ports = { first: 10_000, last: 32_767 };

/** Starts the system with these flags, e.g. `['--replicas', 'order=2']`; rejects with its output when it does not become ready. */
export async function startSystem(
  flags: string[] = [],
  options: { env?: Record<string, string>; dataDirectory?: string } = {},
): Promise<TestSystem> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'outcry-system-')));
  const port = await freeBasePort();
  const args = ['scripts/start.mjs', '--port', String(port), '--data', dataDirectory, ...flags];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const stop = async () => {
    child.kill('SIGTERM');
    const code = await Promise.race([exited, pause(stopTimeoutMs).then(() => undefined)]);
    if (code !== undefined) return code;
    child.kill('SIGKILL');
    throw new Error(`the system did not stop:\n${output}`);
  };
  const system: TestSystem = {
    gatewayUrls: [],
    dataDirectory,
    admin: { email: ADMIN_EMAIL, password: '' },
    run: () => {
      const run = readRunFile(dataDirectory);
      if (run === undefined) throw new Error(`nothing runs:\n${output}`);
      return run;
    },
    output: () => output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true });
    },
  };
  const hasExited = exited.then(() => true);
  await untilReady(
    () => readRunFile(dataDirectory)?.state === 'ready',
    hasExited,
    () => output,
  );
  system.gatewayUrls = system.run().gatewayUrls;
  const secrets = JSON.parse(await readFile(join(dataDirectory, 'secrets.json'), 'utf8')) as { adminPassword: string };
  system.admin.password = secrets.adminPassword;
  return system;
}

async function untilReady(isReady: () => boolean, exited: Promise<boolean>, output: () => string): Promise<void> {
  const deadlineMs = Date.now() + readyTimeoutMs;
  while (!isReady()) {
    const ended = await Promise.race([exited, pause(100).then(() => false)]);
    if (ended) throw new Error(`the system ended before it was ready:\n${output()}`);
    if (Date.now() > deadlineMs) throw new Error(`the system is not ready after ${readyTimeoutMs} ms:\n${output()}`);
  }
}

async function freeBasePort(): Promise<number> {
  const spanCount = Math.floor((ports.last - ports.first) / portSpan);
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = ports.first + Math.floor(Math.random() * spanCount) * portSpan;
    const free = await Promise.all(Array.from({ length: portSpan }, (_, offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
  throw new Error('no free ports were found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
