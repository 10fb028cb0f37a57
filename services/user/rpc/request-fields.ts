/** Reads the fields of requests; all that is wrong with one request is reported at once. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type FieldViolation, invalidArgument, invalidArguments } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { passwordStrengthProblem } from '../accounts/password-strength.ts';
import { userNotFound } from '../accounts/user-not-found.ts';
import type { PasswordOwner } from '../domain/identity-rules.ts';

const batchIdsMax = 500;

/** What is wrong with each named field, where something is. Throws INVALID_ARGUMENT if anything is. */
export function refuseProblems(problems: Record<string, string | undefined>): void {
  const violations: FieldViolation[] = [];
  for (const [field, description] of Object.entries(problems)) {
    if (description !== undefined) violations.push({ field, description });
  }
  if (violations.length > 0) throw invalidArguments(violations);
}

/** Throws INVALID_ARGUMENT with PASSWORD_TOO_WEAK for a new password that is too easily guessed. Takes milliseconds. */
export function refuseWeakPassword(field: string, password: string, owner: PasswordOwner): void {
  const problem = passwordStrengthProblem(password, owner);
  if (problem !== undefined) throw invalidArgument(field, problem, ErrorReason.PASSWORD_TOO_WEAK);
}

/** The id of a user to look up. Throws INVALID_ARGUMENT when it is empty, NOT_FOUND when it has not the form of one. */
export function requireUserId(userId: string): string {
  if (userId === '') throw invalidArgument('user_id', 'is required');
  if (!isUuidV7(userId)) throw userNotFound();
  return userId;
}

/** The ids of a batch that can be accounts; others are left out like unknown ones. Throws INVALID_ARGUMENT for more than 500. */
export function readAccountIds(field: string, ids: string[]): string[] {
  if (ids.length > batchIdsMax) throw invalidArgument(field, `must have at most ${batchIdsMax} ids`);
  return ids.filter(isUuidV7);
}
