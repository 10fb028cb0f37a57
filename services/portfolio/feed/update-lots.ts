import type { LedgerEntry } from '#gen/outcry/ledger/v1/feed_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { touchedBy } from '../domain/book.ts';
import { applyToLots } from '../domain/lot-book.ts';
import { loadLots } from '../store/load-lots.ts';
import { saveLots } from '../store/save-lots.ts';
import { toEntry } from './to-entry.ts';

/**
 * Applies a run of entries to the lots, in the transaction that moves their position in the ledger's feed. Throws InvalidEntryError for an
 * entry that the ledger cannot have booked.
 */
export async function updateLots(tx: Sql, messages: readonly LedgerEntry[]): Promise<void> {
  const entries = messages.map(toEntry);
  const book = await loadLots(tx, touchedBy(entries).positions);
  const sold = applyToLots(book, entries);
  await saveLots(tx, { book, sold });
}
