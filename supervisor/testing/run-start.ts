import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOrphans } from '../orphans.ts';
import { readRunFile } from '../run-file.ts';

/** A start of the stub system under test. */
export type StartProcess = {
  readonly process: ChildProcess;
  /** Everything that it printed so far, on both streams. */
  output(): string;
  /** Resolves when the output contains the text; rejects when the process ends or a minute passes first. */
  printed(text: string): Promise<void>;
  /** Exit code, or the signal's name. */
  readonly exit: Promise<number | string>;
};

/** A data folder and a range of free ports for one test; `remove` also ends what was left running in it. */
export type StartPlace = { dataDirectory: string; port: number; remove(): Promise<void> };

const PORT_MIN = 10_000;
const PORT_MAX = 19_800;
const PORTS = 130;
const WAIT_TIMEOUT_MS = 60_000;
const SCRIPT = fileURLToPath(new URL('start-with-stubs.ts', import.meta.url));

/** Makes a place for one test. */
export async function createStartPlace(): Promise<StartPlace> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'outcry-start-'));
  return {
    dataDirectory,
    port: await findFreeRange(),
    async remove() {
      await endOrphans(readRunFile(dataDirectory), join(dataDirectory, 'postgres'));
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Starts the stub system in a place. */
export function runStart(place: StartPlace, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): StartProcess {
  const all = ['--port', String(place.port), '--data', place.dataDirectory, ...args];
  const child = spawn(process.execPath, [SCRIPT, ...all], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a terminal gives to a command.
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const exit = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { process: child, output: () => text, exit, printed: (wanted) => waitForText(child, wanted, () => text) };
}

/** Whether nobody listens on any port of a place: every process of a start does. */
export async function isRangeFree(first: number): Promise<boolean> {
  const ports = Array.from({ length: PORTS }, (_, offset) => first + offset);
  const free = await Promise.all(ports.map(isFree));
  return free.every(Boolean);
}

function waitForText(child: ChildProcess, wanted: string, text: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('in time'), WAIT_TIMEOUT_MS);
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`'${wanted}' was not printed ${why}; this was:\n${text()}`));
    };
    const look = (): void => {
      if (!text().includes(wanted)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => fail('before the end'));
    look();
  });
}

// Below the range from which the system hands out ports, so that nobody is given one of these meanwhile.
async function findFreeRange(): Promise<number> {
  for (;;) {
    const first = PORT_MIN + Math.floor((Math.random() * (PORT_MAX - PORT_MIN)) / PORTS) * PORTS;
    if (await isRangeFree(first)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
