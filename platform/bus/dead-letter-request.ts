import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { DeadLetterIds } from './bus.ts';

/** Most dead letters of a page. */
const pageSizeMax = 100;
/** Most dead letters that one call changes. */
export const changedLettersMax = 1_000;

/** The number of letters of a page: as asked for, 1 to 100. */
export function pageSizeOf(pageSize: number): number {
  return Math.min(pageSizeMax, Math.max(1, pageSize));
}

/** INVALID_ARGUMENT for a token that is not of the list. */
export function badPageToken(): Error {
  return invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
}

/** Throws INVALID_ARGUMENT for more ids than one call changes. */
export function requireIds(ids: DeadLetterIds): void {
  if (ids.length > changedLettersMax) throw invalidArgument('ids', `must be at most ${changedLettersMax}`);
}
