/** How many messages a person has. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { NotificationDeps } from '../deps.ts';
import { messagesPerAccountMax } from '../domain/message.ts';
import { deleteExcessMessages } from '../store/delete-excess-messages.ts';

const everyMs = 30_000;
const accountsMax = 20;
const rowsMax = 500;

type CutDeps = Pick<NotificationDeps, 'db' | 'grownBoxes'>;

/**
 * Every 30 s until the signal aborts, deletes all but the newest 1,000 messages of the people who have got 100 since that was done last.
 * Between two rounds a person has at most these 100, of each replica, and what came since, more. Never rejects.
 */
export function cutBoxes(deps: CutDeps, { signal, logger }: { signal: AbortSignal; logger: Logger }): Promise<void> {
  const work = () => cutBoxesOnce(deps);
  return runPeriodically({ name: 'boxes', work, pauseMs: everyMs, pauseFirst: true, signal, logger });
}

/** One step: up to 500 rows of each of 20 people. Returns whether there is more to do. */
export async function cutBoxesOnce({ db, grownBoxes }: CutDeps): Promise<boolean> {
  const accountIds = grownBoxes.take(accountsMax);
  if (accountIds.length === 0) return false;
  let isWhole = false;
  try {
    isWhole = (await deleteExcessMessages(db, { accountIds, countMax: messagesPerAccountMax, rowsMax })) < rowsMax;
  } finally {
    if (!isWhole) for (const accountId of accountIds) grownBoxes.putBack(accountId);
  }
  return !isWhole || accountIds.length === accountsMax;
}
