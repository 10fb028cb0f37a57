import { fromBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import {
  AccountConditionsChangedSchema,
  ApiKeyCreatedSchema,
  LogInsFailedSchema,
  UserRegisteredSchema,
} from '#gen/outcry/user/v1/events_pb.ts';
import type { Bus, BusEvent } from '#platform/bus/bus.ts';
import { createPostgresBus } from '#platform/bus/postgres/postgres-bus.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { reportFailedLogIns } from '../jobs/report-failed-log-ins.ts';
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
  let clockOffsetMs = 0;
  beforeAll(async () => {
    databases = await createTestDatabases();
    const logger = createLogger({ service: 'test', level: 'silent' });
    bus = createPostgresBus({ url: databases.busDatabaseUrl, serviceName: 'test', logger });
    await bus.subscribe({
      queue: 'test.accounts',
      types: [UserRegisteredSchema, AccountConditionsChangedSchema, LogInsFailedSchema, ApiKeyCreatedSchema].map(
        ({ typeName }) => typeName,
      ),
      handlePage: async (page) => void events.push(...page),
    });
    service = await startTestUserService(databases, { nowMs: () => Date.now() + clockOffsetMs });
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

  it('publishes a registration once, with the conditions, and a taken address not at all', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'ada@example.com', displayName: 'Ada' });
    const taken = await service.users.register({
      idempotencyKey: 'taken',
      email: 'ada@example.com',
      password: 'correct-horse',
      displayName: 'Ada',
    });
    await eventually(() => expect(changes(userId)).toHaveLength(1));
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

  it('reports wrong passwords to the owner once there are ten, and at most once an hour', async () => {
    const email = 'carol@example.com';
    const { userId } = await registerAndLogIn(service, { email });
    const failures = () =>
      of(userId, LogInsFailedSchema.typeName).map(({ payload }) => fromBinary(LogInsFailedSchema, payload));
    const reported = async () =>
      (await service.deps.db.query('SELECT FROM wrong_password WHERE report_time IS NOT NULL')).rowCount;
    let address = 0;
    const fail = async (count: number, as = email) => {
      for (let index = 0; index < count; index += 1) {
        address += 1;
        const call = service.sessionsFrom(`203.0.113.${address}`).logIn({ email: as, password: 'guess-guess' });
        await expect(call).rejects.toMatchObject({ reason: ErrorReason.CREDENTIALS_WRONG });
      }
      await reportFailedLogIns(service.deps);
    };
    await fail(9);
    await fail(12, 'stranger@example.com');
    expect(await reported()).toBe(0);
    await fail(3);
    await eventually(() => expect(failures()).toHaveLength(1));
    const { firstTime, lastTime } = failures()[0] ?? {};
    expect(firstTime && lastTime && timestampMs(lastTime) - timestampMs(firstTime)).toBeGreaterThan(0);
    await fail(11);
    expect(await reported()).toBe(1);
    clockOffsetMs = 3_600_000;
    await reportFailedLogIns(service.deps);
    await eventually(() => expect(failures()).toHaveLength(2));
    const counts = failures().map(({ failedCount }) => failedCount);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(10);
    expect(counts.reduce((sum, count) => sum + count)).toBe(23);
    clockOffsetMs = 0;
  });

  it('reports a new API key to its owner, once for all repeats and without its secret', async () => {
    const { userId, userToken } = await registerAndLogIn(service, { email: 'dora@example.com' });
    const request = { idempotencyKey: 'one', name: 'robot', scopes: [Scope.READ, Scope.MONEY] };
    const [{ secret }] = [
      await service.apiKeys.createApiKey(request, { userToken }),
      await service.apiKeys.createApiKey(request, { userToken }),
    ];
    await expect(service.apiKeys.createApiKey({ ...request, idempotencyKey: 'two' }, { userToken })).rejects.toThrow();
    // An event that follows, so that no further one is on its way.
    const { tokens } = await service.sessions.logIn(adminCredentials);
    const staff = { userToken: tokens?.accessToken ?? '' };
    await service.admin.setAccountState({ userId, state: AccountState.FROZEN }, staff);
    await eventually(() => expect(changes(userId)).toHaveLength(2));
    const made = of(userId, ApiKeyCreatedSchema.typeName);
    expect(made.map(({ payload }) => fromBinary(ApiKeyCreatedSchema, payload))).toMatchObject([
      { userId, apiKey: { name: 'robot', prefix: secret.slice(0, 15), scopes: [Scope.READ, Scope.MONEY] } },
    ]);
    expect(Buffer.from(made[0]?.payload ?? '').toString('latin1')).not.toContain(secret.slice(16));
  });

  it('publishes each change of state with the version after it', async () => {
    const { userId } = await registerAndLogIn(service, { email: 'bob@example.com' });
    const { tokens } = await service.sessions.logIn(adminCredentials);
    const staff = { userToken: tokens?.accessToken ?? '' };
    await service.admin.setAccountState({ userId, state: AccountState.FROZEN }, staff);
    await service.admin.setAccountState({ userId, state: AccountState.FROZEN }, staff);
    await eventually(() => expect(changes(userId)).toHaveLength(2));
    expect(changes(userId).map((account) => account?.version)).toContain(2n);
    expect(changes(userId).find((account) => account?.version === 2n)?.state).toBe(AccountState.FROZEN);
  });
});
