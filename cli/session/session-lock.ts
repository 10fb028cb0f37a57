import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { pause } from '#platform/time/pause.ts';
import { isOwnerRunning, ownProcess } from '../state/process-owner.ts';

const pollMs = 50;

/**
 * Runs `work` while no other process of this machine holds the lock file: a refresh token that is used twice ends its session. The lock
 * of a process that has ended is taken over. Rejects when it is not free within `waitMs`.
 */
export async function withLock<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + waitMs;
  while (!tryLock(path)) {
    if (performance.now() > deadlineMs) throw new Error(`${path} is held by another outcry`);
    await pause(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  const owner = ownProcess();
  const own = `${path}.${owner}`;
  writeFileSync(own, owner, { mode: 0o600 });
  try {
    // A link has its content from the start, and fails when the name exists.
    linkSync(own, path);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    removeAbandoned(path);
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function removeAbandoned(path: string): void {
  try {
    const owner = readFileSync(path, 'utf8');
    if (isOwnerRunning(owner)) return;
    const moved = `${path}.${ownProcess()}.ended`;
    renameSync(path, moved);
    // Between the two another process may have taken it over: what was moved is then that one's lock, and is put back.
    if (readFileSync(moved, 'utf8') === owner) rmSync(moved);
    else renameSync(moved, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
