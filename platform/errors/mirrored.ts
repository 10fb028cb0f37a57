import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type OutcryError, refused } from './outcry-error.ts';

/** FAILED_PRECONDITION for a copy of a call, where the call would have changed something. */
export function refusedAsCopy(): OutcryError {
  return refused(ErrorReason.MIRRORED, 'a copy of a call changes nothing');
}
