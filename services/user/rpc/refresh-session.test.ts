import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refreshLifetimeMs, repeatMs } from '../domain/session.ts';
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

  it('ends the session when a refresh token is used again after the time of repeats', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'bob@example.com' });
    const next = await refresh(tokens.refreshToken);
    clockOffsetMs += repeatMs;
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.REFRESH_TOKEN_REUSED });
    await expect(refresh(next.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
  });

  it('gives the same successor to all who renew at once or repeat a renewal, and goes on from there', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'twice@example.com' });
    const atOnce = await Promise.all(Array.from({ length: 8 }, () => refresh(tokens.refreshToken)));
    const repeated = await refresh(tokens.refreshToken);
    const [successor, ...others] = new Set([...atOnce, repeated].map(({ refreshToken }) => refreshToken));
    expect(others).toEqual([]);
    const later = await refresh(successor ?? '');
    expect((await refresh(tokens.refreshToken)).refreshToken).toBe(later.refreshToken);
    expect(decodeJwt(later.accessToken).sid).toBe(decodeJwt(tokens.accessToken).sid);
  });

  it('has one chain of tokens, in whatever order windows renew with the newest token that each has', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'chain@example.com' });
    const sessionId = decodeJwt(tokens.accessToken).sid;
    let newest = tokens.refreshToken;
    // How often each window renews; it has one call open at a time, and windows do not wait for each other.
    const renewals = fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 5 });
    const property = fc.asyncProperty(renewals, async (counts) => {
      const windows = counts.map(async (count) => {
        let own = newest;
        for (let renewal = 0; renewal <= count; renewal += 1) own = (await refresh(own)).refreshToken;
        return own;
      });
      const ends = await Promise.all(windows);
      const { rows } = await service.deps.db.query<{ unused: bigint }>(
        'SELECT count(*) AS unused FROM refresh_token WHERE use_time IS NULL AND session_id = $1',
        [sessionId],
      );
      expect(rows).toEqual([{ unused: 1n }]);
      // Some window has the token that is not used yet; all others lead to it.
      newest = (await refresh(ends[0] ?? '')).refreshToken;
      clockOffsetMs += repeatMs;
    });
    await fc.assert(property, { numRuns: 20 });
  });

  it('stores nothing that leads from a used token to its successor once repeats are over', async () => {
    const { tokens } = await registerAndLogIn(service, { email: 'salt@example.com' });
    const next = await refresh(tokens.refreshToken);
    clockOffsetMs += repeatMs + 1;
    await refresh(next.refreshToken);
    const { rows } = await service.deps.db.query<{ salts: bigint }>(
      'SELECT count(successor_salt) AS salts FROM refresh_token WHERE session_id = $1',
      [decodeJwt(tokens.accessToken).sid],
    );
    expect(rows).toEqual([{ salts: 1n }]);
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
    clockOffsetMs += refreshLifetimeMs + 1_000;
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ reason: ErrorReason.SESSION_ENDED });
    clockOffsetMs -= refreshLifetimeMs + 1_000;
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
