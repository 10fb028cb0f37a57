import { bytesArray, plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Entry, entryReference } from '../domain/entry.ts';
import {
  type ChangedCounts,
  type Changes,
  changedCounts,
  changeParts,
  changeValues,
  requireAllChanged,
} from './write-changes.ts';

/** The name under which the sequences of the ledger's own feed are drawn. */
export const feedName = 'ledger';

/** An entry with the bytes that the feed sends for it; the sequence is not among them. */
export type EncodedEntry = Entry & { message: Uint8Array };

/**
 * Writes changes and appends the entries that explain them, with their postings, by one statement. Returns the sequence of the first entry.
 * Call it last: from here to the commit no other transaction can append. Throws PostgreSQL's 23505 when an entry was booked before.
 */
export async function appendEntries(
  tx: Sql,
  entries: readonly EncodedEntry[],
  bookTime: Date,
  changes: Changes,
): Promise<bigint> {
  const { rows } = await tx.query<ChangedCounts & { sequence: bigint }>(statement, [
    ...changeValues(changes),
    feedName,
    entries.length,
    bookTime,
    ...entryValues(entries),
  ]);
  requireAllChanged(rows[0], changes);
  return rows[0]?.sequence ?? 0n;
}

// The head is drawn from as by `drawSequences`, after the rows that were locked before: its row lock is held to the commit.
const statement = `
  WITH ${changeParts}, head AS (
    INSERT INTO platform.feed_head AS head (name, sequence) VALUES ($14, $15::bigint)
    ON CONFLICT (name) DO UPDATE SET sequence = head.sequence + $15::bigint
    RETURNING sequence - $15::bigint AS base
  ), new_entry AS (
    INSERT INTO entry (sequence, kind, reference, book_time, fact)
    SELECT base + place, kind, reference, $16::timestamptz, fact
    FROM head, unnest($17::text[], $18::text[], $19::bytea[]) WITH ORDINALITY AS fresh (kind, reference, fact, place)
  ), new_posting AS (
    INSERT INTO posting (sequence, line, account_id, asset, amount, kind, order_id)
    SELECT base + place, line, account_id, asset, amount, kind, order_id
    FROM head, unnest($20::integer[], $21::smallint[], $22::uuid[], $23::text[], $24::bigint[], $25::text[], $26::uuid[])
      AS fresh (place, line, account_id, asset, amount, kind, order_id)
  )
  SELECT ${changedCounts}, (SELECT base + 1 FROM head) AS sequence`;

function entryValues(entries: readonly EncodedEntry[]): unknown[] {
  const postings = entries.flatMap((entry, index) =>
    entry.postings.map((posting, line) => ({ ...posting, place: index + 1, line })),
  );
  return [
    plainArray(entries.map(({ fact }) => fact.kind)),
    textArray(entries.map(({ fact }) => entryReference(fact))),
    bytesArray(entries.map(({ message }) => message)),
    plainArray(postings.map(({ place }) => place)),
    plainArray(postings.map(({ line }) => line)),
    plainArray(postings.map(({ accountId }) => accountId)),
    textArray(postings.map(({ asset }) => asset)),
    plainArray(postings.map(({ amount }) => amount)),
    plainArray(postings.map(({ kind }) => kind)),
    plainArray(postings.map(({ orderId }) => orderId ?? null)),
  ];
}
