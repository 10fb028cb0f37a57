import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { registerAndLogIn, startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('listSessions and revokeSession', () => {
  let service: TestUserService;
  beforeAll(async () => {
    service = await startOnlyUserService();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  it('lists live sessions newest first with the one of the call, page by page, and ends one of them', async () => {
    const person = { email: 'ada@example.com', password: 'correct-horse' };
    const { userToken, tokens } = await registerAndLogIn(service, person);
    const second = await service.sessions.logIn(person);
    await service.sessions.logIn(person);
    const { sessions } = await service.sessions.listSessions({}, { userToken });
    expect(sessions.map(({ current }) => current)).toEqual([false, false, true]);
    for (const { createTime, lastUseTime, expireTime } of sessions) {
      expect(Number(expireTime?.seconds) - Number(lastUseTime?.seconds)).toBe(30 * 86_400);
      expect(Math.abs(Number(createTime?.seconds) - Number(lastUseTime?.seconds))).toBeLessThan(30);
    }
    const first = await service.sessions.listSessions({ pageSize: 2 }, { userToken });
    const rest = await service.sessions.listSessions({ pageSize: 2, pageToken: first.nextPageToken }, { userToken });
    expect([...first.sessions, ...rest.sessions]).toEqual(sessions);

    const sessionId = sessions[1]?.sessionId ?? '';
    for (let count = 0; count < 2; count++) await service.sessions.revokeSession({ sessionId }, { userToken });
    const refreshToken = second.tokens?.refreshToken ?? '';
    await expect(service.sessions.refreshSession({ refreshToken })).rejects.toMatchObject({
      reason: ErrorReason.SESSION_ENDED,
    });
    await expect(service.sessions.refreshSession({ refreshToken: tokens.refreshToken })).resolves.toBeDefined();
    expect((await service.sessions.listSessions({}, { userToken })).sessions).toHaveLength(2);
  });

  it("leaves another person's session as it is, and refuses what is no id", async () => {
    const { userToken } = await registerAndLogIn(service, { email: 'eve@example.com' });
    const other = await registerAndLogIn(service, { email: 'bob@example.com' });
    const [theirs] = (await service.sessions.listSessions({}, { userToken: other.userToken })).sessions;
    await service.sessions.revokeSession({ sessionId: theirs?.sessionId ?? '' }, { userToken });
    expect((await service.sessions.listSessions({}, { userToken: other.userToken })).sessions).toEqual([theirs]);
    await expect(service.sessions.revokeSession({ sessionId: 'x' }, { userToken })).rejects.toMatchObject({
      reason: ErrorReason.INVALID_FIELD,
    });
  });
});
