import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { registerAndLogIn, startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('logIn', () => {
  let service: TestUserService;
  beforeAll(async () => {
    service = await startOnlyUserService();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

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
    const unknown = await attempt('unknown@example.com');
    for (const { error, tookMs } of [known, unknown]) {
      expect(error).toMatchObject({ code: Code.UNAUTHENTICATED, reason: ErrorReason.CREDENTIALS_WRONG });
      // A hash takes more than this on any machine; without one the answer comes in about a millisecond.
      expect(tookMs).toBeGreaterThan(8);
    }
    expect(unknown.error.message).toBe(known.error.message);
  });
});
