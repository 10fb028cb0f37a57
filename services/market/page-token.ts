import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

/** A token that says where the next page of this list begins. `list` names the list with its filters. */
export function encodePageToken(list: string, cursor: string): string {
  return Buffer.from(JSON.stringify([list, cursor])).toString('base64url');
}

/** The cursor inside a token; undefined for the empty token. Throws PAGE_TOKEN_INVALID for one that another list made. */
export function decodePageToken(list: string, token: string): string | undefined {
  if (token === '') return undefined;
  try {
    const parts: unknown = token.length > 512 ? undefined : JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(parts) && parts[0] === list && typeof parts[1] === 'string') return parts[1];
  } catch {
    // Told below, like every other text that is no token.
  }
  throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}

/** As `decodePageToken` for a cursor that is a whole number of 0 to 18 digits. */
export function decodeNumberToken(list: string, token: string): bigint | undefined {
  const cursor = decodePageToken(list, token);
  if (cursor === undefined || /^\d{1,18}$/.test(cursor)) return cursor === undefined ? undefined : BigInt(cursor);
  throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}
