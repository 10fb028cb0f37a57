import { describe, expect, it } from 'vitest';
import { createHashGate } from './hash-gate.ts';
import { createPasswordHasher } from './password-hasher.ts';

const turn = { signal: new AbortController().signal, lane: { name: 'test', isTrusted: false } };

describe('createPasswordHasher', async () => {
  const hasher = await createPasswordHasher(createHashGate({ concurrency: 2, queueLengthMax: 8 }));
  const hash = (password: string, salt?: Uint8Array) => hasher.hash({ ...turn, password, ...(salt && { salt }) });

  it('makes argon2id hashes of 19 MiB, two passes, one lane, each with its own salt', async () => {
    const [a, b] = await Promise.all([hash('correct horse'), hash('correct horse')]);
    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(a).not.toBe(b);
  });

  it('makes the same hash of the same salt and password, and of no other', async () => {
    const [salt, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    const first = await hash('pässword-1', salt);
    expect(await hash('pa\u0308ssword-1', salt)).toBe(first);
    expect(await hash('pässword-2', salt)).not.toBe(first);
    expect(await hash('pässword-1', other)).not.toBe(first);
    expect(await hasher.verify({ ...turn, passwordHash: first, password: 'pässword-1' })).toBe(true);
  });

  it('accepts the password in any normal form and nothing else', async () => {
    const passwordHash = await hash('pässword-1');
    const verify = (password: string) => hasher.verify({ ...turn, passwordHash, password });
    expect(await verify('pa\u0308ssword-1')).toBe(true);
    expect(await verify('passwort-1')).toBe(false);
  });

  it('does the work also where there is no hash, and answers no', async () => {
    const startMs = performance.now();
    expect(await hasher.verify({ ...turn, passwordHash: undefined, password: 'anything at all' })).toBe(false);
    expect(performance.now() - startMs).toBeGreaterThan(5);
  });

  it('does nothing when the turn is refused', async () => {
    const passwordHash = await hash('correct horse');
    const refusing = { ...turn, passwordHash, password: 'correct horse', before: async () => false };
    expect(await hasher.verify(refusing)).toBeUndefined();
    const before = () => {
      throw new RangeError('no');
    };
    await expect(hasher.hash({ ...turn, password: 'correct horse', before })).rejects.toThrow('no');
  });
});
