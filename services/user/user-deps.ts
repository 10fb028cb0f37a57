/** What the handlers of the user service work with. */
import type { Database } from '#platform/postgres/database.ts';
import type { PasswordHasher } from './credentials/password-hasher.ts';
import type { Conditions } from './domain/conditions.ts';
import type { KeyRing } from './tokens/key-ring.ts';

/** Made once by the server; tests may replace parts. */
export type UserDeps = {
  db: Database;
  hasher: PasswordHasher;
  keys: KeyRing;
  /** What a person's new account gets. */
  defaultConditions: Conditions;
  /** What a new house account gets. */
  houseConditions: Conditions;
  /** Unix milliseconds. */
  now: () => number;
};
