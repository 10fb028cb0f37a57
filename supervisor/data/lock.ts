import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity } from '../processes/process-identity.ts';
import { StartError } from '../terminal/start-error.ts';

/** The right to use a data folder; given back by `release`. */
export type DataLock = { release(): void };

const attemptsMax = 10;

/**
 * Takes the data folder for this process. The lock file appears whole or not at all (a link), and a lock left by a process
 * that died is moved aside before it is replaced, so two starts at once cannot both win.
 *
 * @throws StartError when another start runs on the folder
 */
export function lockDataDirectory(dataDirectory: string): DataLock {
  const path = join(dataDirectory, 'supervisor.lock');
  const own = identifyProcess(process.pid) ?? { pid: process.pid, startTime: '' };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      if (tryLink(draft, path)) return { release: () => removeIfOwn(path, own) };
      const holder = readHolder(path);
      if (holder && isRunning(holder)) throw alreadyRunning(dataDirectory, holder);
      if (holder) moveAside(path, holder);
    }
    throw new StartError(`cannot take the lock ${path}; another start is under way`);
  } finally {
    rmSync(draft, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) return undefined;
    return { pid: Number(value.pid), startTime: String(value.startTime) };
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: 0, startTime: '' };
    return undefined;
  }
}

// Between reading and renaming another start may have replaced the stale lock: what was moved is looked at, and put back.
function moveAside(path: string, stale: ProcessIdentity): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && (moved.pid !== stale.pid || moved.startTime !== stale.startTime)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function removeIfOwn(path: string, own: ProcessIdentity): void {
  const holder = readHolder(path);
  if (holder?.pid === own.pid && holder.startTime === own.startTime) rmSync(path, { force: true });
}

function alreadyRunning(dataDirectory: string, holder: ProcessIdentity): StartError {
  return new StartError(
    `already running on ${dataDirectory} (process ${holder.pid}); stop it with Ctrl-C there, or choose another folder and port with --data and --port`,
  );
}
