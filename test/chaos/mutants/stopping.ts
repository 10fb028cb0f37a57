/** Stops processes at a point of their code, and lets them go on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findReplica, until } from '../faults/victims.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';

const waitMs = 30_000;

/** Lets a stopped process go on. */
export function goOn({ system }: ChaosSystem, name: string): void {
  const pid = findReplica(system.run(), name)?.pid;
  if (pid !== undefined) process.kill(pid, 'SIGCONT');
}

/** Lets a process stop at the next point whose label matches; an empty pattern disarms it. */
export function arm({ control, folder }: ChaosSystem, name: string, pattern: string): Promise<void> {
  return control.send(name, { point: { pattern, action: 'stop', pids: [], file: join(folder, 'points.txt') } });
}

/** Waits until one of these processes is stopped, and returns its name. */
export async function oneStopped(
  { system }: ChaosSystem,
  names: readonly string[],
  timeoutMs = waitMs,
): Promise<string> {
  let stopped: string | undefined;
  const look = async () => {
    stopped = names.find((name) => isStopped(findReplica(system.run(), name)?.pid));
    return stopped !== undefined;
  };
  await until(`one of ${names.join(', ')} is stopped`, timeoutMs, look);
  return stopped as string;
}

function isStopped(pid: number | undefined): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}
