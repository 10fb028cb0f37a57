import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftoverServer } from '#platform/embedded-postgres/lock-file.ts';
import { isRunning, type ProcessIdentity, signalProcess } from './process-identity.ts';
import type { RunFile } from './run-file.ts';

const SERVICE_GRACE_MS = 5_000;
const POSTGRES_GRACE_MS = 10_000;
const POLL_INTERVAL_MS = 25;

/**
 * Ends what a killed supervisor left behind: the services it recorded, then its PostgreSQL. Each is known by pid and start time,
 * asked first and forced after a grace period.
 *
 * @returns how many processes were found
 */
export async function endOrphans(run: RunFile | undefined, postgresDirectory: string): Promise<number> {
  let found = 0;
  for (const stage of [1, 2, 3] as const) {
    const orphans = (run?.processes ?? []).filter((process) => process.stopStage === stage && isRunning(process));
    found += orphans.length;
    await endProcesses(orphans, { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: SERVICE_GRACE_MS });
  }
  const postgres = [run?.postgres].filter(
    (process) => process !== undefined && isRunning(process),
  ) as ProcessIdentity[];
  // SIGINT is PostgreSQL's fast shutdown; SIGQUIT ends its backends too, which SIGKILL would leave running.
  await endProcesses(postgres, { gentle: 'SIGINT', hard: 'SIGQUIT', graceMs: POSTGRES_GRACE_MS });
  // A supervisor killed between starting PostgreSQL and recording it left one that only the cluster's lock file knows.
  await endLeftoverServer(postgresDirectory, () => {
    found += 1;
  });
  return found + postgres.length;
}

/** Signals every process, waits for their end, and forces those still there after the grace period. */
export async function endProcesses(
  processes: readonly ProcessIdentity[],
  options: { gentle: NodeJS.Signals; hard: NodeJS.Signals; graceMs: number },
): Promise<void> {
  for (const process of processes) signalProcess(process, options.gentle);
  if (await allEnded(processes, options.graceMs)) return;
  for (const process of processes) signalProcess(process, options.hard);
  if (await allEnded(processes, SERVICE_GRACE_MS)) return;
  for (const process of processes) signalProcess(process, 'SIGKILL');
  await allEnded(processes, SERVICE_GRACE_MS);
}

async function allEnded(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadlineMs = Date.now() + timeoutMs;
  while (processes.some(isRunning)) {
    if (Date.now() > deadlineMs) return false;
    await sleep(POLL_INTERVAL_MS);
  }
  return true;
}
