/** The periodic work of the user service; every replica does it, but for canaries, which only read keys. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { UserDeps } from '../deps.ts';
import { pruneOnce } from './prune.ts';
import { reportFailedLogIns } from './report-failed-log-ins.ts';

const keysEveryMs = 60_000;
const pruneEveryMs = 60_000;
const reportEveryMs = 5_000;

type JobOptions = { signal: AbortSignal; logger: Logger };

/** Reads the keys that other replicas have made, and rotates them where this one may, until the signal aborts. */
export function refreshKeys({ keys }: UserDeps, { signal, logger }: JobOptions): Promise<void> {
  const work = () => keys.refresh().then(() => false);
  return runPeriodically({ name: 'keys', work, pauseMs: keysEveryMs, pauseFirst: true, signal, logger });
}

/** Removes what is over and reports failed log-ins, until the signal aborts. */
export function runJobs(deps: UserDeps, { signal, logger }: JobOptions): Promise<void>[] {
  const common = { pauseFirst: true, signal, logger };
  return [
    runPeriodically({ ...common, name: 'prune', work: () => pruneOnce(deps), pauseMs: pruneEveryMs }),
    runPeriodically({
      ...common,
      name: 'failed log-ins',
      work: () => reportFailedLogIns(deps),
      pauseMs: reportEveryMs,
    }),
  ];
}
