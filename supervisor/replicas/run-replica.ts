import { type Launch, loopbackHost } from '../plan/launch-plan.ts';
import { type LogFile, openLogFile } from '../processes/log-file.ts';
import { waitUntilReady } from '../processes/readiness.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import { createRestarts, type OnFailing, type Restarts } from '../processes/restarts.ts';
import type { Output } from '../terminal/output.ts';
import { StartError } from '../terminal/start-error.ts';
import { type Child, describeExit, spawnChild } from './child.ts';
import { fatalMessage } from './fatal-line.ts';

/** What the run of one replica needs. */
export type RunReplicaOptions = {
  launch: Launch;
  limits: RestartLimits;
  output: Output;
  onFailing: OnFailing;
  /** Called with each process that was started, and with undefined when it has ended. */
  onChild: (child: Child | undefined) => void;
  /** Called when it is ready for the first time. */
  onFirstReady: () => void;
  /** Aborts when everything stops; the caller then ends the running process. */
  signal: AbortSignal;
};

/**
 * A replica from its start until the signal aborts:
 *
 *     starting -> ready      its /readyz answers 200 for the first time
 *     starting -> failed     it ended before: the start cannot succeed, and the promise rejects
 *     ready    -> waiting    it ended; a delay that grows with each end in a row
 *     waiting  -> ready      it was started again; an end before it is ready counts as one more
 *
 * A replica that was ready once never fails the others: it is started again as often as it ends.
 *
 * @throws StartError with its last words when it ends before it was ever ready
 */
export async function runReplica(options: RunReplicaOptions): Promise<void> {
  const { launch, output } = options;
  const name = replicaName(launch);
  const restarts = createRestarts({ ...options, name, logPath: launch.logPath });
  const log = openLogFile(launch.logPath, {
    onLine: (line) => {
      const message = restarts.isFailing() ? undefined : fatalMessage(line);
      if (message !== undefined) output.line(`  ${name}: fatal: ${message}`);
    },
  });
  try {
    await runAgainAndAgain(options, { name, restarts, log });
  } finally {
    restarts.close();
    log.close();
  }
}

/** `order`, and for a further replica `order-1`: most people never run a second. */
export function replicaName({ name, replica }: Launch): string {
  return replica === 0 ? name : `${name}-${replica}`;
}

type Parts = { name: string; restarts: Restarts; log: LogFile };

async function runAgainAndAgain(options: RunReplicaOptions, { name, restarts, log }: Parts): Promise<void> {
  const { signal, launch, onFirstReady } = options;
  let wasReady = false;
  const onReady = (): void => {
    if (wasReady) restarts.ready();
    else onFirstReady();
    wasReady = true;
  };
  while (!signal.aborted) {
    const lastEnd = await runOnce(options, log, onReady);
    if (signal.aborted) return;
    if (!wasReady) {
      const details = [...log.tail(), `(log: ${launch.logPath})`];
      throw new StartError(`${name} ended before it was ready (${lastEnd})`, { details });
    }
    await restarts.ended(lastEnd, signal);
  }
}

// Resolves when the process has ended, to how it ended.
async function runOnce(options: RunReplicaOptions, log: LogFile, onReady: () => void): Promise<string> {
  const { launch, onChild, signal } = options;
  const over = new AbortController();
  try {
    const child = spawnChild(launch, log);
    onChild(child);
    void waitUntilReady({
      host: loopbackHost,
      port: launch.adminPort,
      signal: AbortSignal.any([over.signal, signal]),
    }).then((isReady) => isReady && onReady());
    return describeExit(await child.ended);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    over.abort();
    onChild(undefined);
  }
}
