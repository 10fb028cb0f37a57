import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { AccountConditionsChangedSchema, UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import type { Bus, BusEvent } from '#platform/bus/bus.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import {
  adminCredentials,
  createTestDatabases,
  registerAndLogIn,
  startTestUserService,
  type TestDatabases,
  type TestUserService,
} from '../testing/start-user.ts';

describe('events of the user service', () => {
  let databases: TestDatabases;
  let service: TestUserService;
  let bus: Bus;
  const events: BusEvent[] = [];
  beforeAll(async () => {
    databases = await createTestDatabases();
    const logger = createLogger({ service: 'test', level: 'silent' });
    bus = createPostgresBus({ url: databases.busDatabaseUrl, serviceName: 'test', logger });
    await bus.subscribe({
      queue: 'test.accounts',
      types: [UserRegisteredSchema.typeName, AccountConditionsChangedSchema.typeName],
      handle: async (event) => void events.push(event),
    });
    service = await startTestUserService(databases);
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await bus?.[Symbol.asyncDispose]();
    await databases?.[Symbol.asyncDispose]();
  });

  const of = (userId: string, type: string) => events.filter((event) => event.key === userId && event.type === type);
  const changes = (userId: string) =>
    of(userId, AccountConditionsChangedSchema.typeName).map(
      ({ payload }) => fromBinary(AccountConditionsChangedSchema, payload).account,
    );

  it('tells a registration once, with the conditions, and a taken address not at all', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'ada@example.com', displayName: 'Ada' });
    const taken = await service.users.register({
      idempotencyKey: 'taken',
      email: 'ada@example.com',
      password: 'correct-horse',
      displayName: 'Ada',
    });
    await vi.waitFor(() => expect(changes(userId)).toHaveLength(1), { timeout: 10_000 });
    const registered = of(userId, UserRegisteredSchema.typeName);
    expect(registered).toHaveLength(1);
    expect(registered[0] && fromBinary(UserRegisteredSchema, registered[0].payload)).toMatchObject({
      userId,
      email: 'ada@example.com',
      displayName: 'Ada',
      house: false,
    });
    expect(changes(userId)[0]).toMatchObject({ version: 1n, conditions: { openOrdersMax: 200 } });
    expect(events.filter(({ key }) => key === taken.userId)).toEqual([]);
  });

  it('tells each change of state with the version after it', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'bob@example.com' });
    const { tokens } = await service.sessions.logIn(adminCredentials);
    const staff = { userToken: tokens?.accessToken ?? '' };
    await service.admin.setAccountState({ userId, state: AccountState.FROZEN }, staff);
    await service.admin.setAccountState({ userId, state: AccountState.FROZEN }, staff);
    await vi.waitFor(() => expect(changes(userId)).toHaveLength(2), { timeout: 10_000 });
    expect(changes(userId).map((account) => account?.version)).toContain(2n);
    expect(changes(userId).find((account) => account?.version === 2n)?.state).toBe(AccountState.FROZEN);
  });
});
