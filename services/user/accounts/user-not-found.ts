import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { notFound, type OutcryError } from '#platform/errors/outcry-error.ts';

/** NOT_FOUND for a user. */
export function userNotFound(): OutcryError {
  return notFound(ErrorReason.USER_NOT_FOUND, 'there is no such user');
}
