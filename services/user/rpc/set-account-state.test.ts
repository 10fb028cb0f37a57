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

describe('UserAdminService', () => {
  let service: TestUserService;
  let staff: { userToken: string };
  beforeAll(async () => {
    service = await startOnlyUserService();
    const { tokens } = await service.sessions.logIn(adminCredentials);
    staff = { userToken: tokens?.accessToken ?? '' };
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  it('freezes and thaws an account, each once, and lets its owner log in all the while', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'ada@example.com' });
    const set = (state: AccountState) => service.admin.setAccountState({ userId, state, note: 'why' }, staff);
    expect((await set(AccountState.FROZEN)).user).toMatchObject({ state: AccountState.FROZEN, conditionsVersion: 2n });
    expect((await set(AccountState.FROZEN)).user?.conditionsVersion).toBe(2n);
    await expect(
      service.sessions.logIn({ email: 'ada@example.com', password: 'correct-horse' }),
    ).resolves.toBeDefined();
    expect((await set(AccountState.ACTIVE)).user?.conditionsVersion).toBe(3n);
    const { rows } = await service.deps.db.query<{ change: string; note: string }>(
      'SELECT change, note FROM account_change WHERE account_id = $1 ORDER BY change_id',
      [userId],
    );
    expect(rows).toEqual([
      { change: 'state active to frozen', note: 'why' },
      { change: 'state frozen to active', note: 'why' },
    ]);
  });

  it('never opens a closed account again', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'bob@example.com' });
    await service.admin.setAccountState({ userId, state: AccountState.CLOSED }, staff);
    await expect(service.admin.setAccountState({ userId, state: AccountState.ACTIVE }, staff)).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      reason: ErrorReason.ACCOUNT_CLOSED,
    });
    await expect(
      service.sessions.logIn({ email: 'bob@example.com', password: 'correct-horse' }),
    ).resolves.toBeDefined();
  });

  it('replaces conditions as a whole and counts only real changes', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'carol@example.com' });
    const conditions = {
      feePlan: { name: 'vip', makerBps: 0, takerBps: 1 },
      orderNotionalMax: '10',
      openOrdersMax: 5,
      ordersPerSecondMax: 2,
    };
    const first = await service.admin.setConditions({ userId, conditions }, staff);
    expect(first.user).toMatchObject({
      conditionsVersion: 2n,
      conditions: { orderNotionalMax: '10.00', openNotionalMax: '', marketOrdersPermitted: false },
    });
    const again = await service.admin.setConditions(
      { userId, conditions: { ...conditions, orderNotionalMax: '10.0' } },
      staff,
    );
    expect(again.user?.conditionsVersion).toBe(2n);
    await expect(
      service.admin.setConditions({ userId, conditions: { ...conditions, orderNotionalMax: 'NaN' } }, staff),
    ).rejects.toMatchObject({ violations: [{ field: 'conditions.order_notional_max' }] });
  });

  it('gives roles with the next token, and only an admin may', async () => {
    const { userId, tokens, userToken } = await registerAndLogIn(service, { email: 'dave@example.com' });
    await expect(service.admin.setRoles({ userId, roles: [Role.ADMIN] }, { userToken })).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
    await service.admin.setRoles({ userId, roles: [Role.OPERATOR, Role.USER, Role.USER] }, staff);
    await expect(service.admin.listUsers({}, { userToken })).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
    const renewed = await service.sessions.refreshSession({ refreshToken: tokens.refreshToken });
    const operator = { userToken: renewed.tokens?.accessToken ?? '' };
    await expect(service.admin.listUsers({}, operator)).resolves.toBeDefined();
    await expect(service.admin.setRoles({ userId, roles: [Role.ADMIN] }, operator)).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
    for (const roles of [[], [Role.ANONYMOUS], [Role.UNSPECIFIED]]) {
      await expect(service.admin.setRoles({ userId, roles }, staff)).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
      });
    }
  });

  it('lists everybody once, oldest first, page by page', async () => {
    for (let index = 0; index < 5; index += 1) {
      await registerAndLogIn(service, { email: `page${index}@example.com` });
    }
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await service.admin.listUsers({ pageSize: 2, pageToken }, staff);
      expect(page.users.length).toBeLessThanOrEqual(2);
      seen.push(...page.users.map(({ userId }) => userId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort());
    expect(seen.length).toBeGreaterThanOrEqual(6);
    await expect(service.admin.listUsers({ pageToken: 'bm9uc2Vuc2U' }, staff)).rejects.toMatchObject({
      reason: ErrorReason.PAGE_TOKEN_INVALID,
    });
    await expect(service.admin.listUsers({ pageSize: 201 }, staff)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
  });

  it('answers NOT_FOUND for an unknown user', async () => {
    for (const userId of ['no-id', '01890000-0000-7000-8000-000000000000']) {
      await expect(service.admin.getUser({ userId }, staff)).rejects.toMatchObject({
        code: Code.NOT_FOUND,
        reason: ErrorReason.USER_NOT_FOUND,
      });
    }
  });
});
