import { endLeftoverServer } from '#platform/embedded-postgres/lock-file.ts';
import { endProcesses } from '../processes/end-processes.ts';
import { isRunning } from '../processes/process-identity.ts';
import type { RunFile } from './run-file.ts';

const serviceGraceMs = 5_000;
const postgresGraceMs = 10_000;
const rabbitmqGraceMs = 15_000;

/**
 * Ends the processes that a killed supervisor left: the services it recorded, then what watched them, its RabbitMQ and its PostgreSQL. Each is identified by pid and start
 * time, and killed when it does not end within a grace period.
 *
 * @returns how many processes were found
 */
export async function endOrphans(run: RunFile | undefined, postgresDirectory: string): Promise<number> {
  let found = 0;
  for (const stage of [1, 2, 3] as const) {
    const orphans = (run?.processes ?? []).filter((process) => process.stopStage === stage && isRunning(process));
    found += orphans.length;
    await endProcesses(orphans, { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: serviceGraceMs });
  }
  const watchers = (run?.observing ?? []).flatMap(({ process }) => (process && isRunning(process) ? [process] : []));
  await endProcesses(watchers, { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: serviceGraceMs });
  const rabbitmq = (run?.rabbitmq?.processes ?? []).filter(isRunning);
  await endProcesses(rabbitmq, { gentle: 'SIGTERM', hard: 'SIGKILL', graceMs: rabbitmqGraceMs });
  const postgres = run?.postgres && isRunning(run.postgres) ? [run.postgres] : [];
  // SIGINT is PostgreSQL's fast shutdown; SIGQUIT ends its backends too, which SIGKILL would leave running.
  await endProcesses(postgres, { gentle: 'SIGINT', hard: 'SIGQUIT', graceMs: postgresGraceMs });
  // A supervisor killed between starting PostgreSQL and recording it left one that only the cluster's lock file knows.
  await endLeftoverServer(postgresDirectory, () => {
    found += 1;
  });
  return found + postgres.length + rabbitmq.length + watchers.length;
}
