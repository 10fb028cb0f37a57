import type { LedgerEntry } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { accountPayloads } from '#platform/postgres/account-notices.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { applyEntries, touchedBy } from '../domain/book.ts';
import { loadBook } from '../store/load-book.ts';
import { saveHoldings } from '../store/save-holdings.ts';
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
  const notices = { channel: holdingsChannel, payloads: accountPayloads(touched.accountIds) };
  await saveHoldings(tx, { book, gains }, notices);
}
