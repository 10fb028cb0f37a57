/** What is kept for how long. */
import type { Database } from '#platform/postgres/sql.ts';
import { purgeDeliveries, purgeMessages } from '../store/purge.ts';

const dayMs = 24 * 3_600_000;
const rowsMax = 1_000;

/** Removes messages after 90 days, sent mails after 7 and dead letters after 30, up to a thousand of each; whether there are more. */
export async function purgeOnce(db: Database, nowMs: number): Promise<boolean> {
  const removed = [
    await purgeMessages(db, nowMs - 90 * dayMs, rowsMax),
    await purgeDeliveries(db, { state: 'sent', beforeMs: nowMs - 7 * dayMs, rowsMax }),
    await purgeDeliveries(db, { state: 'dead', beforeMs: nowMs - 30 * dayMs, rowsMax }),
  ];
  return removed.includes(rowsMax);
}
