import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import {
  adminCredentials,
  registerAndLogIn,
  startOnlyUserService,
  type TestUserService,
} from '../testing/start-user.ts';

describe('ensureUser', () => {
  let service: TestUserService;
  let staff: { userToken: string };
  beforeAll(async () => {
    service = await startOnlyUserService();
    const { tokens } = await service.sessions.logIn(adminCredentials);
    staff = { userToken: tokens?.accessToken ?? '' };
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  const alice = { email: 'Alice@example.com', password: 'outcry-demo-1', displayName: 'Alice' };

  it('makes a person once, however many ask, who can log in', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => service.admin.ensureUser(alice, staff)));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ user }) => user?.userId)).size).toBe(1);
    expect(answers[0]?.user).toMatchObject({
      email: 'alice@example.com',
      displayName: 'Alice',
      roles: [Role.USER],
      state: AccountState.ACTIVE,
    });
    const { tokens } = await service.sessions.logIn(alice);
    expect(tokens?.userId).toBe(answers[0]?.user?.userId);
    const { rows } = await service.deps.db.query<{ change: string }>('SELECT change FROM account_change');
    expect(rows).toEqual([{ change: 'made by staff' }]);
  });

  it('changes nothing of a person who exists', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'bob@example.com', displayName: 'Bob' });
    const again = { email: 'bob@example.com', password: 'another-password', displayName: 'Robert' };
    expect(await service.admin.ensureUser(again, staff)).toMatchObject({
      created: false,
      user: { userId, displayName: 'Bob' },
    });
    await expect(service.sessions.logIn(again)).rejects.toMatchObject({ reason: ErrorReason.CREDENTIALS_WRONG });
  });

  it('refuses what Register would, and anybody but an administrator', async () => {
    await expect(
      service.admin.ensureUser({ ...alice, email: 'carol@example.com', password: 'short' }, staff),
    ).rejects.toMatchObject({
      reason: ErrorReason.PASSWORD_TOO_WEAK,
    });
    await expect(service.admin.ensureUser({ ...alice, email: 'carol' }, staff)).rejects.toMatchObject({
      violations: [{ field: 'email' }],
    });
    const { userToken } = await registerAndLogIn(service, { email: 'dave@example.com' });
    await expect(service.admin.ensureUser(alice, { userToken })).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
  });
});
