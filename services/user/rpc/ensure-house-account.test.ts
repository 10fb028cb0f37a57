import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('ensureHouseAccount', () => {
  let service: TestUserService;
  beforeAll(async () => {
    service = await startOnlyUserService();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  it('makes a house account once, however many ask, without fees and with its own token', async () => {
    const simulator = service.internal('simulator');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => simulator.ensureHouseAccount({ name: 'maker-1' })),
    );
    const accountId = answers[0]?.accountId ?? '';
    expect(new Set(answers.map((answer) => answer.accountId)).size).toBe(1);
    const claims = decodeJwt(answers[0]?.accessToken ?? '');
    expect(claims).toMatchObject({ sub: accountId, roles: ['user'], house: true });
    const { accounts } = await service.internal().batchGetConditions({ accountIds: [accountId] });
    expect(accounts[0]).toMatchObject({
      house: true,
      conditions: { feePlan: { makerBps: 0, takerBps: 0 }, orderNotionalMax: '', openOrdersMax: 1_000 },
    });
    const { user } = await service.users.getProfile({}, { userToken: answers[0]?.accessToken ?? '' });
    expect(user).toMatchObject({ userId: accountId, displayName: 'maker-1', email: '', house: true });
  });
});
