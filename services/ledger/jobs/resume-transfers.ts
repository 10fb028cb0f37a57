import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { TransferService } from '../transfers/transfer-service.ts';

const pauseMs = 2_000;

/** Takes pending transfers to their provider whose time has come, in one replica at a time, until the signal aborts. */
export async function resumeTransfers(options: {
  db: Database;
  transfers: Pick<TransferService, 'resume'>;
  /** Names this process in the lease. */
  holder: string;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { db, transfers, holder, logger, signal } = options;
  await holdLease({
    db,
    name: 'transfers',
    holder,
    logger,
    signal,
    whileHeld: (lease) => {
      const work = () => transfers.resume(lease.signal);
      return runPeriodically({ name: 'resume-transfers', work, pauseMs, signal: lease.signal, logger });
    },
  });
}
