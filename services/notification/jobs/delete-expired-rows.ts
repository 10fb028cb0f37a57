/** How long messages and deliveries are stored. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { NotificationDeps } from '../deps.ts';
import { deleteEndedDeliveries } from '../store/delete-ended-deliveries.ts';
import { deleteExpiredMessages } from '../store/delete-expired-messages.ts';

const everyMs = 10 * 60_000;
const dayMs = 24 * 3_600_000;
const rowsMax = 1_000;

/** Deletes what is past its retention every ten minutes until the signal aborts. Any number of replicas may run it. Never rejects. */
export function deleteExpiredRows(
  deps: Pick<NotificationDeps, 'db' | 'nowMs'>,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  const work = () => deleteExpiredOnce(deps);
  return runPeriodically({ name: 'retention', work, pauseMs: everyMs, pauseFirst: true, signal, logger });
}

/** Deletes messages after 90 days, sent mails after 7 and dead letters after 30, up to 1000 of each. Returns whether there are more. */
export async function deleteExpiredOnce({ db, nowMs }: Pick<NotificationDeps, 'db' | 'nowMs'>): Promise<boolean> {
  const timeMs = nowMs();
  const deleted = [
    await deleteExpiredMessages(db, timeMs - 90 * dayMs, rowsMax),
    await deleteEndedDeliveries(db, { state: 'sent', beforeMs: timeMs - 7 * dayMs, rowsMax }),
    await deleteEndedDeliveries(db, { state: 'dead', beforeMs: timeMs - 30 * dayMs, rowsMax }),
  ];
  return deleted.includes(rowsMax);
}
