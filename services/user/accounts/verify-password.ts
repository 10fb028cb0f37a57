import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type OutcryError, unauthenticated } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Credentials } from '../store/find-credentials.ts';
import { countWrongPassword } from '../store/wrong-passwords.ts';
import type { GuessKey, GuessThrottle } from './guess-throttle.ts';
import type { HashLane } from './hash-gate.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** Whose password is verified, and under which keys and in whose turn. */
export type PasswordCheck = {
  email: string;
  /** Undefined when no account has the address. */
  found: Credentials | undefined;
  password: string;
  keys: readonly GuessKey[];
  lane: HashLane;
};

/** What verifying needs. */
export type VerifyDeps = { db: Database; hasher: PasswordHasher; throttle: GuessThrottle; nowMs: () => number };

// A call waits as long as this for its turn.
const turnWaitMsMax = 6_000;

// What a call that has waited still needs until its deadline.
const afterTurnMs = 1_000;

/**
 * Verifies a password, and counts a wrong one under the keys and for the notice to the owner, whether or not the address belongs to
 * somebody. Throws CREDENTIALS_WRONG, or RATE_LIMITED when the turn of a further try under these keys is too far away.
 */
export async function verifyPassword(
  deps: VerifyDeps,
  check: PasswordCheck,
  context: CallContext,
): Promise<Credentials> {
  const { email, found, password, keys, lane } = check;
  const { signal } = context;
  const leftMs = context.deadlineTimeMs - Date.now() - afterTurnMs;
  const endTimeMs = performance.now() + Math.min(turnWaitMsMax, leftMs);
  const passwordHash = found?.passwordHash;
  let fits: boolean | undefined;
  // The try is counted when its turn to be hashed has come. Another may have taken it meanwhile: then it waits for the next.
  while (fits === undefined) {
    await deps.throttle.waitForTurn(keys, { endTimeMs, signal });
    fits = await deps.hasher.verify({ password, passwordHash, lane, signal, before: () => deps.throttle.take(keys) });
  }
  if (fits && found !== undefined) {
    await deps.throttle.forgive(keys);
    return found;
  }
  await countWrongPassword(deps.db, { email, accountId: found?.account.accountId, nowMs: deps.nowMs() });
  throw credentialsWrong();
}

/** The one answer to every wrong pair of address and password. */
export function credentialsWrong(): OutcryError {
  return unauthenticated(ErrorReason.CREDENTIALS_WRONG, 'e-mail address or password is wrong');
}
