import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { PostingKind } from '../domain/entry.ts';

/** A line of an account's statement. */
export type ListedPosting = {
  sequence: bigint;
  line: number;
  kind: PostingKind;
  asset: string;
  amount: bigint;
  reference: string;
  orderId: string | null;
  /** Of an adjustment. */
  reason: string | null;
  bookTime: Date;
};

/** The place of a posting in its account's statement. */
export type PostingPlace = { sequence: bigint; line: number };

/** Which postings of an account to list; what is absent lets all pass. */
export type PostingFilter = {
  accountId: string;
  kinds?: readonly PostingKind[] | undefined;
  /** Bounds of the booking, Unix milliseconds: at this time or later, and before that one. */
  fromMs?: number | undefined;
  untilMs?: number | undefined;
  /** Default false: newest first. */
  oldestFirst?: boolean;
};

/** Where to read: from behind a place up to and with another one; absent: from the start of the list, to its end. */
export type PostingSpan = { after?: PostingPlace | undefined; to?: PostingPlace | undefined };

const first: PostingPlace = { sequence: -1n, line: 0 };
const last: PostingPlace = { sequence: 9_223_372_036_854_775_807n, line: 32_767 };

const spanSql = (oldestFirst: boolean) => {
  const [after, to] = oldestFirst ? ['>', '<='] : ['<', '>='];
  return `account_id = $1 AND (sequence, line) ${after} ($2::bigint, $3::smallint) AND (sequence, line) ${to} ($4::bigint, $5::smallint)`;
};
const sortSql = (oldestFirst: boolean) =>
  oldestFirst ? 'ORDER BY sequence, line' : 'ORDER BY sequence DESC, line DESC';

// The filters are looked at row by row: their parameters are NULL where all pass.
const textsOf = (oldestFirst: boolean) => ({
  list: `
    SELECT sequence, line, posting.kind, asset, amount, reference, order_id AS "orderId", book_time AS "bookTime",
      (SELECT reason FROM adjustment WHERE adjustment_id = CASE posting.kind WHEN 'adjustment' THEN entry.reference::uuid END)
    FROM posting JOIN entry USING (sequence)
    WHERE ${spanSql(oldestFirst)} AND ($6::text[] IS NULL OR posting.kind = ANY ($6::text[]))
      AND ($7::timestamptz IS NULL OR book_time >= $7) AND ($8::timestamptz IS NULL OR book_time < $8)
    ${sortSql(oldestFirst)} LIMIT $9`,
  place: `SELECT sequence, line FROM posting WHERE ${spanSql(oldestFirst)} ${sortSql(oldestFirst)} OFFSET $6 LIMIT 1`,
});
const [newest, oldest] = [textsOf(false), textsOf(true)];

/** Postings of a span that pass the filter, in the sequence that it says, at most `limit`. */
export async function listPostings(
  sql: Sql,
  filter: PostingFilter,
  span: PostingSpan,
  limit: number,
): Promise<ListedPosting[]> {
  const { kinds, fromMs, untilMs } = filter;
  const { rows } = await sql.query<ListedPosting>((filter.oldestFirst ? oldest : newest).list, [
    ...spanValues(filter, span),
    kinds && textArray(kinds),
    fromMs === undefined ? undefined : new Date(fromMs),
    untilMs === undefined ? undefined : new Date(untilMs),
    limit,
  ]);
  return rows;
}

/** The place of the account's posting that is number `count` in the span, whatever it is like; undefined when there are fewer. */
export async function placeAt(
  sql: Sql,
  filter: PostingFilter,
  span: PostingSpan,
  count: number,
): Promise<PostingPlace | undefined> {
  const text = (filter.oldestFirst ? oldest : newest).place;
  const { rows } = await sql.query<PostingPlace>(text, [...spanValues(filter, span), count - 1]);
  return rows[0];
}

function spanValues({ accountId, oldestFirst = false }: PostingFilter, { after, to }: PostingSpan): unknown[] {
  const start = after ?? (oldestFirst ? first : last);
  const end = to ?? (oldestFirst ? last : first);
  return [accountId, start.sequence, start.line, end.sequence, end.line];
}
