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
  bookTime: Date;
};

/** Where a page of the statement ended. */
export type PostingCursor = { sequence: bigint; line: number };

const newest: PostingCursor = { sequence: 9_223_372_036_854_775_807n, line: 32_767 };

/** An account's postings before a cursor, newest first. */
export async function listPostings(
  sql: Sql,
  accountId: string,
  before: PostingCursor = newest,
  limit = 50,
): Promise<ListedPosting[]> {
  const { rows } = await sql.query<ListedPosting>(
    `SELECT sequence, line, posting.kind, asset, amount, reference, order_id AS "orderId", book_time AS "bookTime"
     FROM posting JOIN entry USING (sequence)
     WHERE account_id = $1 AND (sequence, line) < ($2::bigint, $3::smallint)
     ORDER BY sequence DESC, line DESC LIMIT $4`,
    [accountId, before.sequence, before.line, limit],
  );
  return rows;
}
