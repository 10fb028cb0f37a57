import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOrphans } from '../data/orphans.ts';
import { readRunFile } from '../data/run-file.ts';
import { findFreePortRange } from './free-port-range.ts';

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

const waitTimeoutMs = 60_000;
const script = fileURLToPath(new URL('start-with-stubs.ts', import.meta.url));

/** Makes a place for one test. */
export async function createStartPlace(): Promise<StartPlace> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'outcry-start-'));
  return {
    dataDirectory,
    port: await findFreePortRange(),
    async remove() {
      await endOrphans(readRunFile(dataDirectory), join(dataDirectory, 'postgres'));
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Starts the stub system in a place. */
export function runStart(place: StartPlace, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): StartProcess {
  const all = ['--port', String(place.port), '--data', place.dataDirectory, ...args];
  const child = spawn(process.execPath, [script, ...all], {
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

function waitForText(child: ChildProcess, wanted: string, text: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('in time'), waitTimeoutMs);
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
