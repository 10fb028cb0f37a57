import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refreshLifetimeMs } from '../domain/session.ts';
import { pruneOnce } from '../jobs/prune.ts';
import { registerAndLogIn, startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('sessions', () => {
  let service: TestUserService;
  let clockOffsetMs = 0;
  beforeAll(async () => {
    service = await startOnlyUserService({ nowMs: () => Date.now() + clockOffsetMs });
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  const refresh = async (refreshToken: string) => {
    const { tokens } = await service.sessions.refreshSession({ refreshToken });
    if (tokens === undefined) throw new Error('refreshing gave no tokens');
    return tokens;
  };
  const logIn = async (email: string, password = 'correct-horse') => {
    const { tokens } = await service.sessions.logIn({ email, password });
    if (tokens === undefined) throw new Error('logging in gave no tokens');
    return tokens;
  };

  it('rotates the refresh token within the same session', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'ada@example.com' });
    const next = await refresh(tokens.refreshToken);
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(decodeJwt(next.accessToken).sid).toBe(decodeJwt(tokens.accessToken).sid);
    await expect(refresh(next.refreshToken)).resolves.toBeDefined();
  });

  it('ends the session when a refresh token is used twice', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'bob@example.com' });
    const next = await refresh(tokens.refreshToken);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.REFRESH_TOKEN_REUSED });
    await expect(refresh(next.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
  });

  it('lets one of two simultaneous uses through and then ends the session', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'twice@example.com' });
    const outcomes = await Promise.allSettled([refresh(tokens.refreshToken), refresh(tokens.refreshToken)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('stores no token as it is', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'hash@example.com' });
    const { rows } = await service.deps.db.query<{ row: string }>('SELECT t::text AS row FROM refresh_token t');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(tokens.refreshToken.slice(4)))).toBe(false);
  });

  it('refuses made-up and expired refresh tokens', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'carol@example.com' });
    await expect(refresh('made-up')).rejects.toMatchObject({ reason: ErrorReason.TOKEN_INVALID });
    await expect(refresh(`ort_${'A'.repeat(43)}`)).rejects.toMatchObject({ reason: ErrorReason.TOKEN_INVALID });
    clockOffsetMs = refreshLifetimeMs + 1_000;
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
    clockOffsetMs = 0;
  });

  it('ends one session by logging out, and all by logging out everywhere', async () => {
    const email = 'dave@example.com';
    const { tokens: first } = await registerAndLogIn(service, { email });
    const [second, third] = [await logIn(email), await logIn(email)];
    await service.sessions.logOut({}, { userToken: first.accessToken });
    await expect(refresh(first.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
    const { endedCount } = await service.sessions.logOutEverywhere({}, { userToken: second.accessToken });
    expect(endedCount).toBe(2);
    await expect(refresh(third.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
  });

  it('ends every other session when the password changes', async () => {
    const email = 'erin@example.com';
    const { tokens: other } = await registerAndLogIn(service, { email });
    const own = await logIn(email);
    const change = (currentPassword: string) =>
      service.users.changePassword({ currentPassword, newPassword: 'battery-staple' }, { userToken: own.accessToken });
    await expect(change('wrong-password')).rejects.toMatchObject({ reason: ErrorReason.CREDENTIALS_WRONG });
    await change('correct-horse');
    await expect(refresh(other.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
    await expect(refresh(own.refreshToken)).resolves.toBeDefined();
    await expect(logIn(email)).rejects.toMatchObject({ reason: ErrorReason.CREDENTIALS_WRONG });
    await expect(logIn(email, 'battery-staple')).resolves.toBeDefined();
  });

  it('does not change the password for a session that was logged out', async () => {
    const { tokens, userToken } = await registerAndLogIn(service, { email: 'fred@example.com' });
    await service.sessions.logOut({}, { userToken: tokens.accessToken });
    const request = { currentPassword: 'correct-horse', newPassword: 'battery-staple' };
    await expect(service.users.changePassword(request, { userToken })).rejects.toMatchObject({
      reason: ErrorReason.SESSION_ENDED,
    });
  });

  it('removes sessions a day after their end, with their tokens', async () => {
    const { db } = service.deps;
    await registerAndLogIn(service, { email: 'gone@example.com' });
    await db.query(`UPDATE session SET expire_time = now() - interval '2 days'`);
    await pruneOnce(service.deps);
    const { rows } = await db.query<{ count: bigint }>(
      'SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM refresh_token) AS count',
    );
    expect(rows).toEqual([{ count: 0n }]);
  });
});
