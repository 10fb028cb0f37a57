import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Auditor } from '../passes/auditor.ts';
import { deleteOldVerdicts } from '../store/verdicts.ts';

/** A light pass every minute, in one replica at a time, until the signal aborts. A second one would only compare the same again. */
export async function auditPeriodically(options: {
  db: Database;
  auditor: Auditor;
  holder: string;
  everyMs: number;
  nowMs: () => number;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { db, auditor, holder, everyMs, nowMs, logger, signal } = options;
  await holdLease({
    db,
    name: 'audit',
    holder,
    logger,
    signal,
    whileHeld: (lease) => {
      const work = async () => {
        await auditor.run('light', { signal: lease.signal });
        await deleteOldVerdicts(db, nowMs());
        return false;
      };
      const pauses = { pauseMs: everyMs, pauseFirst: true };
      return runPeriodically({ name: 'light audit', work, ...pauses, signal: lease.signal, logger });
    },
  });
}
