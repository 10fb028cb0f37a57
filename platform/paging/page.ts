/** Pages of lists: their size, and where the next one begins. */
import { readCount } from '#platform/validation/request-fields.ts';
import { readToken, uuidCursor, writeToken } from './token.ts';

/** The page fields of a request. */
export type PageRequest = { pageSize: number; pageToken: string };

/** Which list a token belongs to, and how large its pages are; defaults: 50 rows, at most 200. */
export type PageOptions = {
  /** Name, owner and filters of the list: a token of another list is refused. */
  list: string;
  /** The form of the list's cursors, default a UUID. */
  cursor?: RegExp;
  sizeDefault?: number;
  sizeMax?: number;
};

/** The rows to read: those after `cursor` in the list's order; undefined: from its start. */
export type Page = { cursor: string | undefined; limit: number };

/**
 * The page asked for, of a list whose cursor names a page's last row. Throws INVALID_ARGUMENT, with reason PAGE_TOKEN_INVALID for a
 * token that this list did not make.
 */
export function readPage({ pageSize, pageToken }: PageRequest, options: PageOptions): Page {
  const { list, cursor = uuidCursor, sizeDefault = 50, sizeMax = 200 } = options;
  const limit = readCount('page_size', pageSize, { fallback: sizeDefault, max: sizeMax });
  return { cursor: readToken(pageToken, { list, cursor }), limit };
}

/**
 * The rows of a page and the token of the next one, empty at the end. `found` are up to `limit` + 1 rows: the row over the
 * limit shows that there is a next page.
 */
export function cutPage<R>(
  found: R[],
  limit: number,
  { list, cursorOf }: { list: string; cursorOf: (row: R) => string },
): { rows: R[]; nextPageToken: string } {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { rows, nextPageToken: isMore ? writeToken(list, cursorOf(last)) : '' };
}
