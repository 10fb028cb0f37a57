import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { openKeyRing } from './accounts/key-ring.ts';
import { activationDelayMs, publishedAfterMs } from './domain/key-schedule.ts';
import {
  adminCredentials,
  createTestDatabases,
  registerAndLogIn,
  startTestUserService,
  type TestDatabases,
} from './testing/start-user.ts';

describe('createUserService', () => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await createTestDatabases();
  });
  afterAll(() => databases?.[Symbol.asyncDispose]());

  it('starts two replicas at once that share keys, staff and sessions', async () => {
    const replicas = await Promise.all([startTestUserService(databases), startTestUserService(databases)]);
    await using first = replicas[0];
    await using second = replicas[1];
    expect(first.deps.keys.jwks()).toEqual(second.deps.keys.jwks());
    expect(first.deps.keys.jwks().keys).toHaveLength(1);
    const { tokens, userToken } = await registerAndLogIn(first, { email: 'ada@example.com' });
    await expect(second.users.getProfile({}, { userToken })).resolves.toBeDefined();
    await expect(second.sessions.refreshSession({ refreshToken: tokens.refreshToken })).resolves.toBeDefined();
    const { tokens: staff } = await second.sessions.logIn(adminCredentials);
    const { users } = await first.admin.listUsers({}, { userToken: staff?.accessToken ?? '' });
    expect(users.filter(({ roles }) => roles.includes(Role.ADMIN))).toHaveLength(1);
  });

  it('has its accounts and keys after a restart, and never makes staff of an address that exists', async () => {
    await using service = await startTestUserService(databases, {
      env: { BOOTSTRAP_OPERATOR_EMAIL: 'ada@example.com', BOOTSTRAP_OPERATOR_PASSWORD: 'another-password' },
    });
    const { tokens } = await service.sessions.logIn({ email: 'ada@example.com', password: 'correct-horse' });
    const { user } = await service.users.getProfile({}, { userToken: tokens?.accessToken ?? '' });
    expect(user?.roles).toEqual([Role.USER]);
    expect(service.deps.keys.jwks().keys).toHaveLength(1);
  });

  it('verifies tokens with its own keys and refuses foreign ones', async () => {
    await using service = await startTestUserService(databases);
    const { userToken } = await registerAndLogIn(service, { email: 'eve@example.com' });
    const forged = `${userToken.slice(0, -6)}AAAAAA`;
    await expect(service.users.getProfile({}, { userToken: forged })).rejects.toMatchObject({
      reason: ErrorReason.TOKEN_INVALID,
    });
    await expect(service.users.getProfile({})).rejects.toMatchObject({ reason: ErrorReason.TOKEN_MISSING });
  });

  it('rotates keys: published first, signing later, forgotten at the end', async () => {
    let nowMs = Date.now();
    await using service = await startTestUserService(databases, { nowMs: () => nowMs });
    const rotateAfterMs = 24 * 3_600_000;
    const other = await openKeyRing({ db: service.deps.db, rotateAfterMs, nowMs: () => nowMs });
    const old = (await other.signingKey()).kid;
    nowMs += rotateAfterMs;
    // A canary reads what others have made, and makes nothing.
    const canary = await openKeyRing({
      db: service.deps.db,
      rotateAfterMs,
      mayRotate: () => false,
      nowMs: () => nowMs,
    });
    expect(canary.jwks().keys).toHaveLength(1);
    await Promise.all([other.refresh(), other.refresh()]);
    expect(other.jwks().keys).toHaveLength(2);
    await canary.refresh();
    expect(canary.jwks()).toEqual(other.jwks());
    expect((await other.signingKey()).kid).toBe(old);
    nowMs += activationDelayMs;
    const next = (await other.signingKey()).kid;
    expect(next).not.toBe(old);
    await service.deps.keys.refresh();
    const { tokens } = await service.sessions.logIn(adminCredentials);
    expect(decodeProtectedHeader(tokens?.accessToken ?? '').kid).toBe(next);
    nowMs += publishedAfterMs;
    await other.refresh();
    expect(other.jwks().keys.map(({ kid }) => kid)).toEqual([next]);
  });
});
