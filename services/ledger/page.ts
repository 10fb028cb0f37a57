import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

const pageSizeMax = 200;
const pageSizeDefault = 50;

/** The page size asked for: 1 to 200, 0 means 50. Throws INVALID_ARGUMENT. */
export function readPageSize(pageSize: number): number {
  if (pageSize < 0 || pageSize > pageSizeMax) throw invalidArgument('page_size', `must be 0 to ${pageSizeMax}`);
  return pageSize === 0 ? pageSizeDefault : pageSize;
}

/** An opaque token that resumes the list named `list` of `owner` after `cursor`. */
export function writePageToken(list: string, owner: string, cursor: string): string {
  return Buffer.from([list, owner, cursor].join('|')).toString('base64url');
}

/**
 * The match of the cursor in a token of the same list and owner; undefined for an empty token. Throws INVALID_ARGUMENT with
 * reason PAGE_TOKEN_INVALID for anything else.
 */
export function readPageToken(token: string, list: string, owner: string, cursor: RegExp): RegExpExecArray | undefined {
  if (token === '') return undefined;
  const parts = token.length <= 512 ? Buffer.from(token, 'base64url').toString('utf8').split('|') : [];
  const match = parts.length === 3 && parts[0] === list && parts[1] === owner ? cursor.exec(parts[2] ?? '') : null;
  if (!match) {
    throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
  }
  return match;
}
