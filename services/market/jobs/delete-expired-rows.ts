import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import { deleteExpired } from '../store/delete-expired.ts';

const intervalMs = 60_000;
// At most 20 batches of each kind a minute: deleting never takes the database from those who read.
const batchesMax = 20;
const batchPauseMs = 100;

/** Deletes what is past its retention, in small batches once a minute, until the signal aborts. Any number of replicas may run it. */
export function deleteExpiredRows(options: {
  db: Database;
  nowMs: () => number;
  signal: AbortSignal;
  logger: Logger;
}): Promise<void> {
  const { db, nowMs, signal, logger } = options;
  const work = async () => {
    for (let batch = 0; batch < batchesMax && !signal.aborted; batch += 1) {
      if ((await deleteExpired(db, nowMs())) === 0) break;
      await pause(batchPauseMs, signal);
    }
    return false;
  };
  return runPeriodically({ name: 'retention', work, pauseMs: intervalMs, signal, logger });
}
