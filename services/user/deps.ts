/** What the RPCs and jobs of the user service work with. */
import type { Database } from '#platform/postgres/database.ts';
import type { GuessLimits, GuessThrottle } from './accounts/guess-throttle.ts';
import type { KeyRing } from './accounts/key-ring.ts';
import type { PasswordHasher } from './accounts/password-hasher.ts';
import type { Conditions } from './domain/conditions.ts';

/** Made once by the server; tests may replace parts. */
export type UserDeps = {
  db: Database;
  hasher: PasswordHasher;
  keys: KeyRing;
  throttle: GuessThrottle;
  guessLimits: GuessLimits;
  /** Makes the salts of registrations; the same in every replica. */
  registrationSecret: Uint8Array;
  /** Makes the secrets of API keys; the same in every replica. */
  apiKeySecret: Uint8Array;
  /** Makes the successors of refresh tokens; the same in every replica. */
  refreshSecret: Uint8Array;
  /** What a person's new account gets. */
  defaultConditions: Conditions;
  /** What a new house account gets. */
  houseConditions: Conditions;
  /** The clock, in Unix milliseconds. */
  nowMs: () => number;
};
