import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { createKeyFinder, type JwksJson } from './jwks.ts';

async function jwkOf(kid: string) {
  const { publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { ...(await exportJWK(publicKey)), kid };
}

describe('createKeyFinder', () => {
  it('finds a rotated key at once, but asks for made-up ones at most every five seconds', async () => {
    let nowMs = 0;
    let fetches = 0;
    const jwks: JwksJson = { keys: [await jwkOf('one')] };
    const find = createKeyFinder(
      async () => {
        fetches += 1;
        return jwks;
      },
      () => nowMs,
    );
    expect(await find('one')).toBeDefined();
    jwks.keys.push(await jwkOf('two'));
    nowMs += 5_000;
    expect(await find('two')).toBeDefined();
    expect(fetches).toBe(2);
    for (let made = 0; made < 100; made += 1) expect(await find(`made-up-${made}`)).toBeUndefined();
    expect(fetches).toBe(2);
  });

  it('drops a withdrawn key after five minutes, and uses its cached keys while the fetch fails', async () => {
    let nowMs = 0;
    let failing = false;
    const jwks: JwksJson = { keys: [await jwkOf('one')] };
    const find = createKeyFinder(
      async () => {
        if (failing) throw new Error('no connection');
        return jwks;
      },
      () => nowMs,
    );
    await find('one');
    failing = true;
    nowMs += 300_000;
    expect(await find('one')).toBeDefined();
    failing = false;
    jwks.keys = [await jwkOf('two')];
    nowMs += 5_000;
    expect(await find('one')).toBeUndefined();
  });

  it('fetches once for concurrent callers, and uses Ed25519 keys only', async () => {
    let fetches = 0;
    const jwks: JwksJson = { keys: [await jwkOf('one'), { kty: 'oct', kid: 'shared', k: 'c2VjcmV0' }] };
    const find = createKeyFinder(async () => {
      fetches += 1;
      return jwks;
    });
    const found = await Promise.all(['one', 'one', 'shared', 'one'].map((kid) => find(kid)));
    expect(found.map((key) => key !== undefined)).toEqual([true, true, false, true]);
    expect(fetches).toBe(1);
  });
});
