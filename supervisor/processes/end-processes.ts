import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, signalProcess } from './process-identity.ts';

const forcedGraceMs = 5_000;
const pollIntervalMs = 25;

/** Signals every process, waits for their end, and forces those still there after the grace period. */
export async function endProcesses(
  processes: readonly ProcessIdentity[],
  options: { gentle: NodeJS.Signals; hard: NodeJS.Signals; graceMs: number },
): Promise<void> {
  for (const process of processes) signalProcess(process, options.gentle);
  if (await allEnded(processes, options.graceMs)) return;
  for (const process of processes) signalProcess(process, options.hard);
  if (await allEnded(processes, forcedGraceMs)) return;
  for (const process of processes) signalProcess(process, 'SIGKILL');
  await allEnded(processes, forcedGraceMs);
}

async function allEnded(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (processes.some(isRunning)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(pollIntervalMs);
  }
  return true;
}
