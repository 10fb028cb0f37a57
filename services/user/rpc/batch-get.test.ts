import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { TestDatabases, TestUserService } from '../testing/start-user.ts';
import { createTestDatabases, registerAndLogIn, startTestUserService } from '../testing/start-user.ts';

describe('UserInternalService', () => {
  let databases: TestDatabases;
  let service: TestUserService;
  beforeAll(async () => {
    databases = await createTestDatabases();
    service = await startTestUserService(databases);
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await databases?.[Symbol.asyncDispose]();
  });

  it('tells conditions of the known accounts and leaves the others out', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'ada@example.com' });
    const { accounts } = await service.internal('ledger').batchGetConditions({
      accountIds: [userId, uuidV7(), 'no id at all'],
    });
    expect(accounts).toHaveLength(1);
    expect(accounts[0]).toMatchObject({
      accountId: userId,
      version: 1n,
      state: AccountState.ACTIVE,
      house: false,
      conditions: { feePlan: { name: 'standard', makerBps: 2, takerBps: 5 }, ordersPerSecondMax: 50 },
    });
  });

  it('bounds a batch and answers only the services that the contract names', async () => {
    const accountIds = Array.from({ length: 501 }, () => uuidV7());
    await expect(service.internal().batchGetConditions({ accountIds })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
    await expect(service.internal('market').batchGetConditions({})).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
  });

  it('tells contacts to the notification service', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'bob@example.com', displayName: 'Bob' });
    const { contacts } = await service.internal('notification').batchGetContacts({ userIds: [userId] });
    expect(contacts).toMatchObject([{ userId, email: 'bob@example.com', displayName: 'Bob', house: false }]);
  });

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
