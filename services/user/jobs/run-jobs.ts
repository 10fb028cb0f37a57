/** The periodic work of the user service; every replica does it. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { UserDeps } from '../deps.ts';
import { pruneOnce } from './prune.ts';
import { reportFailedLogIns } from './report-failed-log-ins.ts';

const keysEveryMs = 60_000;
const pruneEveryMs = 60_000;
const reportEveryMs = 5_000;

/** Reads and rotates keys, removes what is over and reports failed log-ins, until the signal aborts. */
export async function runJobs(
  deps: UserDeps,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  const common = { pauseFirst: true, signal, logger };
  const refreshKeys = () => deps.keys.refresh().then(() => false);
  await Promise.all([
    runPeriodically({ ...common, name: 'keys', work: refreshKeys, pauseMs: keysEveryMs }),
    runPeriodically({ ...common, name: 'prune', work: () => pruneOnce(deps), pauseMs: pruneEveryMs }),
    runPeriodically({
      ...common,
      name: 'failed log-ins',
      work: () => reportFailedLogIns(deps),
      pauseMs: reportEveryMs,
    }),
  ]);
}
