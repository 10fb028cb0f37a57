import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type OutcryError, resourceExhausted, unauthenticated } from '#platform/errors/outcry-error.ts';
import { loginRetryDelayMs } from '../domain/session.ts';
import { clearLoginFailures, findLoginFailures, recordLoginFailure } from '../store/login-failures.ts';
import type { UserDeps } from './deps.ts';

/**
 * Verifies a password for an address and counts the wrong ones, whether or not somebody has the address. Throws CREDENTIALS_WRONG, or
 * RATE_LIMITED once there were ten in a quarter of an hour. The count is read when the turn to hash has come: tries sent
 * at once pass the limit by no more than the number of places for hashing.
 */
export async function verifyPassword(
  deps: UserDeps,
  options: { email: string; passwordHash: string | undefined; password: string; signal: AbortSignal },
): Promise<void> {
  const { email, passwordHash, password, signal } = options;
  let failed = false;
  const lane = { name: email, isTrusted: false };
  const before = async () => {
    const failures = await findLoginFailures(deps.db, email);
    const retryDelayMs = loginRetryDelayMs(failures, deps.nowMs());
    if (retryDelayMs > 0) throw tooManyTries(retryDelayMs);
    failed = failures !== undefined;
    return true;
  };
  if (await deps.hasher.verify({ passwordHash, password, lane, signal, before })) {
    if (failed) await clearLoginFailures(deps.db, email);
    return;
  }
  await recordLoginFailure(deps.db, email, deps.nowMs());
  throw credentialsWrong();
}

/** The one answer to every wrong pair of address and password. */
export function credentialsWrong(): OutcryError {
  return unauthenticated(ErrorReason.CREDENTIALS_WRONG, 'e-mail address or password is wrong');
}

function tooManyTries(retryDelayMs: number): OutcryError {
  return resourceExhausted(ErrorReason.RATE_LIMITED, 'too many wrong passwords for this address', { retryDelayMs });
}
