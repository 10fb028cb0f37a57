import type { Database } from '#platform/postgres/database.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { pause } from '#platform/time/pause.ts';
import type { TransferDesk } from '../transfers/transfer-service.ts';

const lookEveryMs = 5_000;
const pendingAgeMs = 10_000;

/** Carries on with transfers that were left pending, in one replica at a time, until the signal aborts. */
export async function resumeTransfers(options: {
  db: Database;
  desk: TransferDesk;
  holder: string;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { db, desk, holder, logger, signal } = options;
  await holdLease({
    db,
    name: 'transfers',
    holder,
    logger,
    signal,
    whileHeld: async (lease) => {
      while (!lease.signal.aborted) {
        await desk.resume(pendingAgeMs, lease.signal);
        await pause(lookEveryMs, lease.signal);
      }
    },
  });
}
