import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Entry, entryReference, type Posting } from '../domain/entry.ts';
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

// The head is drawn from as by `drawSequences`, after the rows that were locked before: its row lock is held to the commit. Accounts and
// orders come once each, and the postings name them by their place: a trade has seven postings of two accounts and two orders. All messages come
// as one run of bytes.
const statement = `
  WITH ${changeParts}, head AS (
    INSERT INTO platform.feed_head AS head (name, sequence) VALUES ($14, $15::bigint)
    ON CONFLICT (name) DO UPDATE SET sequence = head.sequence + $15::bigint
    RETURNING sequence - $15::bigint AS base
  ), new_entry AS (
    INSERT INTO entry (sequence, kind, reference, book_time, fact)
    SELECT base + place, kind, reference, $16::timestamptz, substring($17::bytea FROM start FOR length)
    FROM head, unnest($18::text[], $19::text[], $20::integer[], $21::integer[]) WITH ORDINALITY
      AS fresh (kind, reference, start, length, place)
  ), new_posting AS (
    INSERT INTO posting (sequence, line, account_id, asset, amount, kind, order_id)
    SELECT base + place, line, ($22::uuid[])[account], asset, amount, kind, ($23::uuid[])[ordered]
    FROM head, unnest($24::integer[], $25::smallint[], $26::integer[], $27::text[], $28::bigint[], $29::text[], $30::integer[])
      AS fresh (place, line, account, asset, amount, kind, ordered)
  )
  SELECT ${changedCounts}, (SELECT base + 1 FROM head) AS sequence`;

function entryValues(entries: readonly EncodedEntry[]): unknown[] {
  const messages = entries.map(({ message }) => message);
  const lengths = messages.map(({ length }) => length);
  let end = 0;
  const starts = lengths.map((length) => {
    end += length;
    return end - length + 1;
  });
  return [
    Buffer.concat(messages),
    plainArray(entries.map(({ fact }) => fact.kind)),
    textArray(entries.map(({ fact }) => entryReference(fact))),
    plainArray(starts),
    plainArray(lengths),
    ...postingValues(entries),
  ];
}

type PostingLine = Pick<Posting, 'asset' | 'amount' | 'kind'> & {
  place: number;
  line: number;
  account: number;
  ordered: number | null;
};

function postingValues(entries: readonly EncodedEntry[]): unknown[] {
  const [accounts, orders] = [createDictionary(), createDictionary()];
  const lines: PostingLine[] = [];
  for (const [index, { postings }] of entries.entries()) {
    for (const [line, { accountId, orderId, asset, amount, kind }] of postings.entries()) {
      const ordered = orderId === undefined ? null : orders.placeOf(orderId);
      lines.push({ place: index + 1, line, account: accounts.placeOf(accountId), asset, amount, kind, ordered });
    }
  }
  return [
    plainArray(accounts.list),
    plainArray(orders.list),
    plainArray(lines.map(({ place }) => place)),
    plainArray(lines.map(({ line }) => line)),
    plainArray(lines.map(({ account }) => account)),
    textArray(lines.map(({ asset }) => asset)),
    plainArray(lines.map(({ amount }) => amount)),
    plainArray(lines.map(({ kind }) => kind)),
    plainArray(lines.map(({ ordered }) => ordered)),
  ];
}

/** Texts in the order of their first use, and the place of each, from 1 as in PostgreSQL. */
function createDictionary() {
  const places = new Map<string, number>();
  const list: string[] = [];
  return {
    list,
    placeOf(text: string): number {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, list.push(text));
      return list.length;
    },
  };
}
