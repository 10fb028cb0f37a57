import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { registerAndLogIn, startOnlyUserService, type TestUserService } from '../testing/start-user.ts';

describe('batchGetConditions and batchGetContacts', () => {
  let service: TestUserService;
  beforeAll(async () => {
    service = await startOnlyUserService();
  });
  afterAll(() => service?.[Symbol.asyncDispose]());

  it('answers conditions of the known accounts and leaves the others out', async () => {
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

  it('answers contacts to the notification service', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'bob@example.com', displayName: 'Bob' });
    const { contacts } = await service.internal('notification').batchGetContacts({ userIds: [userId] });
    expect(contacts).toMatchObject([{ userId, email: 'bob@example.com', displayName: 'Bob', house: false }]);
  });
});
