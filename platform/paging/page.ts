/** Pages of lists: their size, and opaque tokens that say where the next one begins. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

const tokenLengthMax = 512;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The page fields of a request. */
export type PageRequest = { pageSize: number; pageToken: string };

/** Which list a token belongs to, and how large its pages are; defaults: 50 rows, at most 200. */
export type PageOptions = {
  /** Name, owner and filters of the list: a token of another list is refused. */
  list: string;
  sizeDefault?: number;
  sizeMax?: number;
};

/** The rows to read: those after `cursor` in the list's order; undefined: from its start. */
export type Page = { cursor: string | undefined; limit: number };

/**
 * The page asked for, of a list whose cursor is the id (UUID) of a page's last row. Throws INVALID_ARGUMENT, with reason
 * PAGE_TOKEN_INVALID for a token that this list did not make.
 */
export function readPage(request: PageRequest, options: PageOptions): Page {
  const { list, sizeDefault = 50, sizeMax = 200 } = options;
  const { pageSize, pageToken } = request;
  if (pageSize < 0 || pageSize > sizeMax) throw invalidArgument('page_size', `must be 0 to ${sizeMax}`);
  return { cursor: readToken(list, pageToken), limit: pageSize || sizeDefault };
}

/**
 * The rows of a page and the token of the next one, empty at the end. `found` are up to `limit` + 1 rows: the one too many
 * tells that there are more.
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

function writeToken(list: string, cursor: string): string {
  return Buffer.from(JSON.stringify([list, cursor])).toString('base64url');
}

function readToken(list: string, token: string): string | undefined {
  if (token === '') return undefined;
  try {
    const parts: unknown = token.length > tokenLengthMax ? [] : JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(parts) && parts[0] === list && typeof parts[1] === 'string' && uuid.test(parts[1]))
      return parts[1];
  } catch {
    // Told below, like every other text that is no token.
  }
  throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}
