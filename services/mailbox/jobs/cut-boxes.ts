/** How many mails an address has. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { MailboxDeps } from '../deps.ts';
import { mailsPerAddressMax } from '../domain/mail.ts';
import { deleteExcessMails } from '../store/delete-excess-mails.ts';

const addressesMax = 20;
const rowsMax = 500;

/** When the rounds begin and end. */
export type CutOptions = {
  /** From one round to the next, in ms; default 30,000. */
  everyMs?: number;
  signal: AbortSignal;
  logger: Logger;
};

/**
 * Every 30 s until the signal aborts, deletes all but the newest 1,000 mails of the addresses that have got 100 since that was done last.
 * Between two rounds an address has at most these 100, and what came since, more. Never rejects.
 */
export function cutBoxes(deps: MailboxDeps, { everyMs = 30_000, signal, logger }: CutOptions): Promise<void> {
  const work = () => cutBoxesOnce(deps);
  return runPeriodically({ name: 'boxes', work, pauseMs: everyMs, pauseFirst: true, signal, logger });
}

/** One step: up to 500 rows of each of 20 addresses. Returns whether there is more to do. */
async function cutBoxesOnce({ db, grownBoxes }: MailboxDeps): Promise<boolean> {
  const addresses = grownBoxes.take(addressesMax);
  if (addresses.length === 0) return false;
  let isWhole = false;
  try {
    isWhole = (await deleteExcessMails(db, { addresses, countMax: mailsPerAddressMax, rowsMax })) < rowsMax;
  } finally {
    if (!isWhole) for (const address of addresses) grownBoxes.putBack(address);
  }
  return !isWhole || addresses.length === addressesMax;
}
