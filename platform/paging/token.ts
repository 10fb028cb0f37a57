/** Opaque tokens that say where a list or stream goes on. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

const tokenLengthMax = 512;

/** The place after a row named by its UUID. */
export const uuidCursor = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The place after a sequence, or any other whole number of up to 18 digits. */
export const numberCursor = /^\d{1,18}$/;

/** A token for the place `cursor` in the list named `list`. */
export function writeToken(list: string, cursor: string): string {
  return Buffer.from(JSON.stringify([list, cursor])).toString('base64url');
}

/**
 * The place that a token names; undefined for the empty token. Throws INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID for a token
 * that was not made by this list, or whose place is not of the form `cursor`.
 */
export function readToken(
  token: string,
  { list, cursor, field = 'page_token' }: { list: string; cursor: RegExp; field?: string },
): string | undefined {
  if (token === '') return undefined;
  const parts = token.length > tokenLengthMax ? undefined : parse(token);
  if (Array.isArray(parts) && parts[0] === list && typeof parts[1] === 'string' && cursor.test(parts[1])) {
    return parts[1];
  }
  throw invalidArgument(field, 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}
