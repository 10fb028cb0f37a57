/** Password hashes: argon2id with the parameters that OWASP names as its first choice below 46 MiB. */
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import type { HashGate } from './hash-gate.ts';

/** Hashes and verifies passwords, a bounded number at once. */
export type PasswordHasher = {
  /** A new hash in PHC string format, with its own salt. */
  hash(password: string, signal: AbortSignal): Promise<string>;
  /**
   * Whether `password` fits `passwordHash`. Without a hash the same work is done against one that nothing fits, so that the
   * time tells nothing. `before` runs when the turn has come, and may throw to refuse.
   */
  verify(options: {
    passwordHash: string | undefined;
    password: string;
    signal: AbortSignal;
    before?: () => Promise<void>;
  }): Promise<boolean>;
};

const argon2id: Algorithm.Argon2id = 2;
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hasher behind `gate`. */
export async function createPasswordHasher(gate: HashGate): Promise<PasswordHasher> {
  const dummyHash = await hash(crypto.randomUUID(), parameters);
  return {
    hash: (password, signal) => gate.run(signal, () => hash(canonical(password), parameters)),
    verify: ({ passwordHash, password, signal, before }) =>
      gate.run(signal, async () => {
        await before?.();
        const fits = await verify(passwordHash ?? dummyHash, canonical(password));
        return fits && passwordHash !== undefined;
      }),
  };
}

// The same characters can be typed in several encodings; a person means one password.
function canonical(password: string): string {
  return password.normalize('NFKC');
}
