/** Pages of users: the token is the last id of the page before. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';

const firstId = '00000000-0000-0000-0000-000000000000';
const pageSizeMax = 200;
const pageSizeDefault = 50;

/** The rows to read for a request. Throws INVALID_ARGUMENT. */
export function readPage(request: { pageSize: number; pageToken: string }): { afterId: string; limit: number } {
  const { pageSize, pageToken } = request;
  if (pageSize < 0 || pageSize > pageSizeMax) throw invalidArgument('page_size', `must be 0 to ${pageSizeMax}`);
  return { afterId: pageToken === '' ? firstId : readToken(pageToken), limit: pageSize || pageSizeDefault };
}

/** The token of the page after one that ends with `lastId`. */
export function pageTokenAfter(lastId: string): string {
  return Buffer.from(`u1:${lastId}`).toString('base64url');
}

function readToken(token: string): string {
  const [version, id = ''] = Buffer.from(token.slice(0, 200), 'base64url').toString().split(':');
  if (version === 'u1' && isUuidV7(id)) return id;
  throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}
