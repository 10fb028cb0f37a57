import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { ApiKeyVerdict } from './api-key-verdict.ts';
import { createApiKeyVerifier, keyRememberedMs } from './api-keys.ts';
import type { UserClaims } from './claims.ts';

const apiKey = `ok_aaaaaaaaaaaa_${'x'.repeat(43)}`;
const good: ApiKeyVerdict = {
  accessToken: 'inner',
  allowedNetworks: [],
  callsPerSecondMax: 7,
  expireTimeMs: Number.POSITIVE_INFINITY,
};
const revoked: ApiKeyVerdict = { refusal: ErrorReason.API_KEY_REVOKED };

async function readToken(token: string): Promise<UserClaims> {
  const key = { keyId: 'k', scopes: ['read' as const], callsPerSecondMax: 0 };
  return { userId: 'u', roles: ['user'], email: '', sessionId: '', house: false, token, key };
}

/** A verifier whose clock stands still, and what it asked. */
function start(first: ApiKeyVerdict = good) {
  const world = { nowMs: 1_000_000, asked: 0, verdict: first, answer: async () => {} };
  const verifier = createApiKeyVerifier({
    now: () => world.nowMs,
    readToken,
    verify: async () => {
      world.asked += 1;
      const { verdict } = world;
      await world.answer();
      return verdict;
    },
  });
  return { world, ...verifier };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createApiKeyVerifier', () => {
  it('asks once for many calls, and gives the token and limit of the key', async () => {
    const { world, authenticate, recall } = start();
    expect(recall(apiKey, undefined)).toBeUndefined();
    const callers = await Promise.all(Array.from({ length: 50 }, () => authenticate(apiKey, undefined)));
    expect(callers[0]).toMatchObject({ token: 'inner', key: { scopes: ['read'], callsPerSecondMax: 7 } });
    for (let call = 0; call < 1_000; call += 1) expect(recall(apiKey, undefined)).toBe(callers[0]);
    expect(world.asked).toBe(1);
  });

  it('refuses a revoked key within a minute of the revocation, at once after a renewal', async () => {
    const { world, authenticate, recall } = start();
    await authenticate(apiKey, undefined);
    world.verdict = revoked;
    world.nowMs += 20_000;
    // This call is not kept waiting; it makes the key be asked about.
    expect(recall(apiKey, undefined)).toBeDefined();
    await settle();
    expect(recall(apiKey, undefined)).toBeUndefined();
    await expect(authenticate(apiKey, undefined)).rejects.toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: ErrorReason.API_KEY_REVOKED,
    });
    expect(world.asked).toBe(2);
  });

  it('accepts no key for longer than a minute from the question, however late its answer came and whoever is down', async () => {
    const { world, authenticate, recall } = start();
    const startMs = world.nowMs;
    world.answer = async () => {
      world.nowMs += 10_000;
    };
    await authenticate(apiKey, undefined);
    world.answer = async () => {
      throw unavailable();
    };
    world.nowMs = startMs + keyRememberedMs - 1;
    expect(recall(apiKey, undefined)).toBeDefined();
    await settle();
    expect(recall(apiKey, undefined)).toBeDefined();
    world.nowMs = startMs + keyRememberedMs;
    expect(recall(apiKey, undefined)).toBeUndefined();
    await expect(authenticate(apiKey, undefined)).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      reason: ErrorReason.DEPENDENCY_UNAVAILABLE,
    });
  });

  it('accepts no key past its end', async () => {
    const { world, authenticate, recall } = start({ ...good, expireTimeMs: 1_005_000 });
    await authenticate(apiKey, undefined);
    world.nowMs = 1_004_999;
    expect(recall(apiKey, undefined)).toBeDefined();
    world.nowMs = 1_005_000;
    expect(recall(apiKey, undefined)).toBeUndefined();
  });

  it('checks the address of every call', async () => {
    const { world, authenticate, recall } = start({ ...good, allowedNetworks: ['10.0.0.0/8'] });
    const denied = { code: Code.PERMISSION_DENIED, reason: ErrorReason.API_KEY_ADDRESS_NOT_ALLOWED };
    expect(await authenticate(apiKey, '10.1.2.3')).toBeDefined();
    expect(recall(apiKey, '::ffff:10.9.9.9')).toBeDefined();
    for (const address of ['11.0.0.1', 'unknown', undefined]) {
      expect(recall(apiKey, address)).toBeUndefined();
      await expect(authenticate(apiKey, address)).rejects.toMatchObject(denied);
    }
    expect(world.asked).toBe(1);
  });

  it('remembers a refusal for five seconds, and asks nobody about what cannot be a key', async () => {
    const { world, authenticate } = start(revoked);
    const refused = { reason: ErrorReason.API_KEY_REVOKED };
    for (let call = 0; call < 10; call += 1)
      await expect(authenticate(apiKey, undefined)).rejects.toMatchObject(refused);
    expect(world.asked).toBe(1);
    world.nowMs += 5_000;
    await expect(authenticate(apiKey, undefined)).rejects.toMatchObject(refused);
    expect(world.asked).toBe(2);
    for (const text of ['ok_', 'ok_short', `ok_${'x'.repeat(200)}`, `ok_${'é'.repeat(50)}`]) {
      await expect(authenticate(text, undefined)).rejects.toMatchObject({ reason: ErrorReason.API_KEY_UNKNOWN });
    }
    expect(world.asked).toBe(2);
  });

  it('asks about a bounded number of keys at once', async () => {
    const { world, authenticate } = start();
    let release = () => {};
    const open = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.answer = () => open;
    const keyOf = (index: number) => `ok_${String(index).padStart(40, '0')}`;
    const begun = Array.from({ length: 256 }, (_, index) => authenticate(keyOf(index), undefined));
    await expect(authenticate(keyOf(256), undefined)).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: ErrorReason.OVERLOADED,
    });
    release();
    await Promise.all(begun);
    expect(await authenticate(keyOf(256), undefined)).toBeDefined();
  });
});
