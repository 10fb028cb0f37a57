import { describe, expect, it } from 'vitest';
import { createHashGate } from './hash-gate.ts';
import { createPasswordHasher } from './password-hasher.ts';

const { signal } = new AbortController();

describe('createPasswordHasher', async () => {
  const hasher = await createPasswordHasher(createHashGate({ concurrency: 2, queueLengthMax: 8 }));

  it('makes argon2id hashes of 19 MiB, two passes, one lane, each with its own salt', async () => {
    const [a, b] = await Promise.all([hasher.hash('correct horse', signal), hasher.hash('correct horse', signal)]);
    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(a).not.toBe(b);
  });

  it('accepts the password in any normal form and nothing else', async () => {
    const passwordHash = await hasher.hash('pässword-1', signal);
    const verify = (password: string) => hasher.verify({ passwordHash, password, signal });
    expect(await verify('pa\u0308ssword-1')).toBe(true);
    expect(await verify('passwort-1')).toBe(false);
  });

  it('does the work also where there is no hash, and answers no', async () => {
    const startMs = performance.now();
    expect(await hasher.verify({ passwordHash: undefined, password: 'anything at all', signal })).toBe(false);
    expect(performance.now() - startMs).toBeGreaterThan(5);
  });
});
