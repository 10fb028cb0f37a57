import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { loginWindowMs } from '../domain/session.ts';
import {
  createTestDatabases,
  registerAndLogIn,
  startTestUserService,
  type TestDatabases,
  type TestUserService,
} from '../testing/start-user.ts';

describe('logIn', () => {
  let databases: TestDatabases;
  let service: TestUserService;
  let clockOffsetMs = 0;
  beforeAll(async () => {
    databases = await createTestDatabases();
    service = await startTestUserService(databases, { nowMs: () => Date.now() + clockOffsetMs });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await databases?.[Symbol.asyncDispose]();
  });

  it('gives a ten-minute token with the claims that every service reads', async () => {
    const { userId, tokens } = await registerAndLogIn(service, { email: 'ada@example.com' });
    const claims = decodeJwt(tokens.accessToken);
    expect(claims).toMatchObject({
      iss: 'outcry',
      aud: 'outcry',
      sub: userId,
      roles: ['user'],
      email: 'ada@example.com',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
    expect(claims.sid).toEqual(expect.any(String));
    expect(claims.house).toBeUndefined();
    const { jwksJson } = await service.sessions.getJwks({});
    const { keys } = JSON.parse(jwksJson) as { keys: Record<string, string>[] };
    expect(keys.map(({ kid }) => kid)).toContain(decodeProtectedHeader(tokens.accessToken).kid);
    expect(jwksJson).not.toContain('"d"');
  });

  it('answers an unknown address and a wrong password alike, after the same work', async () => {
    await registerAndLogIn(service, { email: 'bob@example.com' });
    const attempt = async (email: string) => {
      const startMs = performance.now();
      const error = await service.sessions.logIn({ email, password: 'not-the-password' }).catch((thrown) => thrown);
      return { error, tookMs: performance.now() - startMs };
    };
    const known = await attempt('bob@example.com');
    const unknown = await attempt('nobody@example.com');
    for (const { error, tookMs } of [known, unknown]) {
      expect(error).toMatchObject({ code: Code.UNAUTHENTICATED, reason: ErrorReason.CREDENTIALS_WRONG });
      // A hash takes more than this on any machine; without one the answer comes in about a millisecond.
      expect(tookMs).toBeGreaterThan(8);
    }
    expect(unknown.error.message).toBe(known.error.message);
  });

  it('is refused after ten wrong passwords, also the right one, until the window is over', async () => {
    const email = 'carol@example.com';
    await registerAndLogIn(service, { email });
    for (let count = 0; count < 10; count += 1) {
      await expect(service.sessions.logIn({ email, password: 'guess-guess' })).rejects.toMatchObject({
        reason: ErrorReason.CREDENTIALS_WRONG,
      });
    }
    const refused = await service.sessions.logIn({ email, password: 'correct-horse' }).catch((thrown) => thrown);
    expect(refused).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: ErrorReason.RATE_LIMITED });
    expect(refused.retryDelayMs).toBeGreaterThan(0);
    expect(refused.retryDelayMs).toBeLessThanOrEqual(loginWindowMs);
    clockOffsetMs = loginWindowMs + 1_000;
    await expect(service.sessions.logIn({ email, password: 'correct-horse' })).resolves.toBeDefined();
    clockOffsetMs = 0;
  });

  it('limits an address that nobody has in the same way', async () => {
    const guess = () => service.sessions.logIn({ email: 'ghost@example.com', password: 'guess-guess' });
    for (let count = 0; count < 10; count += 1) await guess().catch(() => {});
    await expect(guess()).rejects.toMatchObject({ reason: ErrorReason.RATE_LIMITED });
  });

  it('forgets wrong passwords after the right one', async () => {
    const email = 'dave@example.com';
    await registerAndLogIn(service, { email });
    for (let round = 0; round < 2; round += 1) {
      for (let count = 0; count < 9; count += 1) {
        await service.sessions.logIn({ email, password: 'guess-guess' }).catch(() => {});
      }
      await expect(service.sessions.logIn({ email, password: 'correct-horse' })).resolves.toBeDefined();
    }
  });
});
