import type { Sql } from '#platform/postgres/sql.ts';
import { type ListedPosting, listPostings, type PostingFilter, type PostingPlace, placeAt } from './list-postings.ts';

/** A page, and the place behind which the next one begins; undefined: it was the last. */
export type StatementPage = { postings: ListedPosting[]; next: PostingPlace | undefined };

/** Postings that are looked through for a page, where a filter may leave most of them out. */
const lookedThroughMax = 10_000;

/** Reads a page of up to `limit` postings behind a place. */
export async function readStatementPage(
  sql: Sql,
  filter: PostingFilter,
  after: PostingPlace | undefined,
  limit: number,
): Promise<StatementPage> {
  const { kinds, fromMs, untilMs } = filter;
  const isSelective = [kinds, fromMs, untilMs].some((one) => one !== undefined);
  const end = isSelective ? await placeAt(sql, filter, { after }, lookedThroughMax) : undefined;
  const found = await listPostings(sql, filter, { after, to: end }, limit + 1);
  if (found.length <= limit) return { postings: found, next: end };
  const postings = found.slice(0, limit);
  return { postings, next: postings.at(-1) };
}
