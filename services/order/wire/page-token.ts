import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';

const pattern = /^(\d{1,19})\n([\s\S]{0,200})$/;
const int64Max = 2n ** 63n - 1n;

/** A token for the place after `sequence` in the list that `scope` names. Opaque to callers. */
export function encodeToken(scope: string, sequence: bigint): string {
  return Buffer.from(`${sequence}\n${scope}`).toString('base64url');
}

/** The place that a token names. Throws PAGE_TOKEN_INVALID when it was not made by the list that `scope` names. */
export function decodeToken(field: string, scope: string, token: string): bigint {
  const match = token.length <= 400 ? pattern.exec(Buffer.from(token, 'base64url').toString()) : null;
  const sequence = match === null ? undefined : BigInt(match[1] as string);
  if (sequence === undefined || sequence > int64Max || match?.[2] !== scope) {
    throw invalidArgument(field, 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
  }
  return sequence;
}

/** The page size asked for, 50 by default. Throws INVALID_ARGUMENT outside 1 to 200. */
export function pageSizeOf(requested: number): number {
  if (requested < 0 || requested > 200) throw invalidArgument('page_size', 'must be 1 to 200');
  return requested === 0 ? 50 : requested;
}
