import { drawSequences } from '#platform/feed/position.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Entry, entryReference } from '../domain/entry.ts';

/** The name under which the sequences of the ledger's own feed are drawn. */
export const feedName = 'ledger';

/** An entry with the bytes that the feed sends for it; the sequence is not among them. */
export type EncodedEntry = Entry & { message: Uint8Array };

/**
 * Appends entries with their postings and returns the sequence of the first. Call it last: from here to the commit no other
 * transaction can append. Throws PostgreSQL's 23505 when one was booked before.
 */
export async function appendEntries(tx: Sql, entries: readonly EncodedEntry[], bookTime: Date): Promise<bigint> {
  const first = await drawSequences(tx, feedName, entries.length);
  const postings = entries.flatMap((entry, index) =>
    entry.postings.map((posting, line) => ({ ...posting, sequence: first + BigInt(index), line })),
  );
  await tx.query(
    `WITH entries AS (
       INSERT INTO entry (sequence, kind, reference, book_time, fact)
       SELECT sequence, kind, reference, $5::timestamptz, fact
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[]) AS e (sequence, kind, reference, fact)
     ), postings AS (
       INSERT INTO posting (sequence, line, account_id, asset, amount, kind, order_id)
       SELECT * FROM unnest($6::bigint[], $7::smallint[], $8::uuid[], $9::text[], $10::bigint[], $11::text[], $12::uuid[])
     )
     SELECT`,
    [
      entries.map((_, index) => first + BigInt(index)),
      entries.map(({ fact }) => fact.kind),
      entries.map(({ fact }) => entryReference(fact)),
      entries.map(({ message }) => Buffer.from(message)),
      bookTime,
      postings.map(({ sequence }) => sequence),
      postings.map(({ line }) => line),
      postings.map(({ accountId }) => accountId),
      postings.map(({ asset }) => asset),
      postings.map(({ amount }) => amount),
      postings.map(({ kind }) => kind),
      postings.map(({ orderId }) => orderId ?? null),
    ],
  );
  return first;
}
