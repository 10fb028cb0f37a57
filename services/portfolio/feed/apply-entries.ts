import { advancePosition } from '#platform/feed/position.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { fenceLease } from '#platform/postgres/lease.ts';
import { applyEntries, touchedBy } from '../domain/book.ts';
import type { Entry } from '../domain/entry.ts';
import { insertGains } from '../store/insert-gains.ts';
import { ledgerFeed } from '../store/ledger-position.ts';
import { loadBook } from '../store/load-book.ts';
import { saveBook } from '../store/save-book.ts';
import { announceAccounts } from './account-changes.ts';

/** The lease of the one replica that follows the ledger. */
export const followerLease = 'portfolio.ledger-feed';

/**
 * Applies a run of entries in one transaction with the feed position, and wakes the streams of the accounts it touches. Rejects, and
 * changes nothing, when another replica has the lease or has moved the position.
 */
export async function applyPage(db: Database, token: bigint, entries: readonly Entry[]): Promise<void> {
  const [first, last] = [entries.at(0), entries.at(-1)];
  if (first === undefined || last === undefined) return;
  const touched = touchedBy(entries);
  await db.transaction(async (tx) => {
    await fenceLease(tx, followerLease, token);
    await advancePosition(tx, ledgerFeed, first.sequence - 1n, last.sequence);
    const book = await loadBook(tx, touched);
    const gains = applyEntries(book, entries);
    await saveBook(tx, book);
    await insertGains(tx, gains);
    await announceAccounts(tx, touched.accountIds);
  });
}
