/**
 * Reports wrong passwords to the owners of accounts, at most once an hour each. It is not done by the log-in itself, whose work is the
 * same whether or not an address belongs to somebody.
 */

import type { UserDeps } from '../deps.ts';
import { publishLogInsFailed } from '../events/published.ts';
import { takeFailedLogIns } from '../store/wrong-passwords.ts';

const rowsMax = 100;

/** Publishes what is due for at most a hundred accounts; whether there may be more. */
export async function reportFailedLogIns({ db, nowMs }: UserDeps): Promise<boolean> {
  return db.transaction(async (tx) => {
    const timeMs = nowMs();
    const due = await takeFailedLogIns(tx, timeMs, rowsMax);
    for (const failed of due) await publishLogInsFailed(tx, failed, timeMs);
    return due.length === rowsMax;
  });
}
