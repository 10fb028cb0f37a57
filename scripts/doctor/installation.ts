/** What can be seen of an installation whether it runs or not. */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { RunFile } from '../../supervisor/index.ts';
import type { Finding } from './finding.ts';

const nodeMajorMin = 20;
const mib = 1024 * 1024;
const freeMibMin = 256;
const flushes = 3;
const flushSecondsMax = 0.5;
const firstPort = 8080;
const postgresPort = 8200;

/** Findings of the machine and the data folder; `run` is what runs there, undefined: nothing. */
export async function judgeInstallation(dataDirectory: string, run: RunFile | undefined): Promise<Finding[]> {
  const folders = [dataDirectory, ...(run?.postgres === undefined ? [] : [run.postgres.dataDirectory])];
  return [
    ...judgeNode(process.versions.node),
    ...folders.flatMap((folder) => judgeSpace(folder)),
    ...judgeFolder(dataDirectory),
    ...(run === undefined ? await judgePorts() : []),
  ];
}

/** Finds a Node that is too old. */
export function judgeNode(version: string): Finding[] {
  if (Number(version.split('.')[0]) >= nodeMajorMin) return [];
  return [{ code: 'node-version', subject: `Node ${version}`, detail: `${nodeMajorMin} is the oldest that works` }];
}

function judgeSpace(folder: string): Finding[] {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const freeMib = Math.floor((bavail * bsize) / mib);
    if (freeMib >= freeMibMin) return [];
    return [{ code: 'disk-full', subject: folder, detail: `${freeMib} MiB are free, ${freeMibMin} are needed` }];
  } catch {
    return [];
  }
}

/** Writes a few blocks through to the disk of the folder, or of the one in which it will be made. */
export function judgeFolder(wanted: string): Finding[] {
  const folder = existing(wanted);
  const path = join(folder, `.doctor-${process.pid}`);
  try {
    const startMs = performance.now();
    const file = openSync(path, 'w', 0o600);
    for (let count = 0; count < flushes; count += 1) {
      writeSync(file, Buffer.alloc(8_192));
      fsyncSync(file);
    }
    closeSync(file);
    const seconds = (performance.now() - startMs) / 1_000 / flushes;
    if (seconds <= flushSecondsMax) return [];
    return [{ code: 'disk-slow', subject: folder, detail: `${seconds.toFixed(2)} s to write 8 KiB through` }];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // A full disk is found by its free space.
    return code === 'ENOSPC' ? [] : [{ code: 'data-not-writable', subject: folder, detail: code }];
  } finally {
    rmSync(path, { force: true });
  }
}

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

async function judgePorts(): Promise<Finding[]> {
  const found = await Promise.all([firstPort, postgresPort].map(async (port) => ({ port, free: await isFree(port) })));
  return found
    .filter(({ free }) => !free)
    .map(({ port }) => ({ code: 'port-taken', subject: `port ${port}`, detail: 'another program listens there' }));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
