/** Password hashes: argon2id with the parameters that OWASP names as its first choice below 46 MiB. */
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { canonicalPassword } from '../domain/identity-rules.ts';
import type { HashGate, HashLane } from './hash-gate.ts';

/** One piece of work: which password, and whose turn it takes. */
export type HashWork = { password: string; lane: HashLane; signal: AbortSignal };

/** Hashes and verifies passwords, a bounded number at once. */
export type PasswordHasher = {
  /**
   * A new hash in PHC string format. `salt`: 16 bytes, random by default; the same salt gives the same hash. `before` runs when the
   * turn has come, and may throw to refuse.
   */
  hash(work: HashWork & { salt?: Uint8Array; before?: () => void }): Promise<string>;
  /**
   * Whether the password fits `passwordHash`. Without a hash the same work is done against one that nothing fits, so that an
   * unknown account takes as long. `before` runs when the turn has come; when it resolves to false nothing is verified and the
   * result is undefined.
   */
  verify(
    work: HashWork & { passwordHash: string | undefined; before?: () => Promise<boolean> },
  ): Promise<boolean | undefined>;
};

const argon2id: Algorithm.Argon2id = 2;
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hasher behind `gate`. */
export async function createPasswordHasher(gate: HashGate): Promise<PasswordHasher> {
  const dummyHash = await hash(crypto.randomUUID(), parameters);
  return {
    hash: ({ password, salt, before, ...turn }) =>
      gate.run(turn, async () => {
        before?.();
        return hash(canonicalPassword(password), { ...parameters, ...(salt && { salt }) });
      }),
    verify: ({ password, passwordHash, before, ...turn }) =>
      gate.run(turn, async () => {
        if (before !== undefined && !(await before())) return undefined;
        const fits = await verify(passwordHash ?? dummyHash, canonicalPassword(password));
        return fits && passwordHash !== undefined;
      }),
  };
}
