import type { LedgerEntry } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { announceAccounts } from '#platform/postgres/account-notices.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { applyEntries, touchedBy } from '../domain/book.ts';
import { insertGains } from '../store/insert-gains.ts';
import { loadBook } from '../store/load-book.ts';
import { saveBook } from '../store/save-book.ts';
import { toEntry } from './to-entry.ts';

/** The channel on which the accounts are announced whose holdings have changed. */
export const holdingsChannel = 'portfolio_changed';

/**
 * Applies a run of entries to the holdings and gains, in the transaction that moves the position in the ledger's feed, and announces the
 * accounts. Throws InvalidEntryError for an entry that the ledger cannot have booked.
 */
export async function updateHoldings(tx: Sql, messages: readonly LedgerEntry[]): Promise<void> {
  const entries = messages.map(toEntry);
  const touched = touchedBy(entries);
  const book = await loadBook(tx, touched);
  const gains = applyEntries(book, entries);
  await saveBook(tx, book);
  await insertGains(tx, gains);
  await announceAccounts(tx, holdingsChannel, touched.accountIds);
}
