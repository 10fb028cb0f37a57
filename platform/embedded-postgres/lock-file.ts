import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '#platform/time/pause.ts';

const stopTimeoutMs = 20_000;

/** The content of a running server's lock file (postmaster.pid). */
export type LockFile = { pid: number; port: number; ready: boolean };

/** Reads a data directory's lock file; undefined when there is none or it is not complete yet. */
export async function readLockFile(dataDirectory: string): Promise<LockFile | undefined> {
  const text = await readFile(lockFilePath(dataDirectory), 'utf8').catch(() => undefined);
  // Lines: pid, data directory, start time, port, socket folder, listen address, shared memory key, status.
  const lines = text?.split('\n') ?? [];
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Ends a server that an earlier supervisor left running in this data directory, so that a new one can take it. A lock
 * file whose process is gone, or whose number now belongs to another program, is removed.
 */
export async function endLeftoverServer(dataDirectory: string, onLog: (line: string) => void): Promise<void> {
  const lock = await readLockFile(dataDirectory);
  if (!lock) return;
  if (isPostgres(lock.pid)) {
    onLog(`ending the PostgreSQL that was left running (process ${lock.pid})`);
    await stopServer(lock.pid);
  }
  const after = await readLockFile(dataDirectory);
  if (after && !isPostgres(after.pid)) await rm(lockFilePath(dataDirectory), { force: true });
}

/** Fast shutdown of the server, then immediate shutdown when it takes too long. Resolves when the process is gone. */
export async function stopServer(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    sendSignal(pid, signal);
    for (let waitedMs = 0; waitedMs < stopTimeoutMs; waitedMs += 20) {
      if (!isPostgres(pid)) return;
      await pause(20);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) did not stop`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isPostgres(pid: number): boolean {
  if (process.platform === 'linux') {
    try {
      // The name is in parentheses; a zombie (state Z) has ended and only waits to be collected.
      return /^\d+ \(postgres\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'stat=,comm=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z]\S*\s.*postgres/.test(stdout?.trim() ?? '');
}

function lockFilePath(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}
