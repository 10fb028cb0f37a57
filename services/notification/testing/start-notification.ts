/** A real notification service with databases of its own, a bus, and a fake user service. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { create, toBinary } from '@bufbuild/protobuf';
import { DeadEventAdminService } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { NotificationAdminService, NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { type ContactSchema, UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Bus } from '#platform/bus/bus.ts';
import { unavailable, unimplemented } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { implement, startRpcServer } from '#platform/rpc/server.ts';
import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { openTestBus } from '#platform/testing/bus.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { needs } from '../needs.ts';
import { createNotificationService } from '../server.ts';

/** What replicas of one test share. */
export type TestWorld = AsyncDisposable & {
  db: OpenTestDatabase;
  bus: Bus;
  busUrl: string;
  identity: TestIdentity;
  /** The users of the user service; it is unavailable while this is undefined. */
  contacts: Map<string, MessageInitShape<typeof ContactSchema>> | undefined;
  userAddress: string;
  /** Publishes an event and returns its id. */
  publish<D extends DescMessage>(
    schema: D,
    init: MessageInitShape<D>,
    event?: { id?: string; timeMs?: number },
  ): Promise<string>;
};

/** One replica. */
export type TestReplica = AsyncDisposable & {
  messages: RpcClient<typeof NotificationService>;
  admin: RpcClient<typeof NotificationAdminService>;
  deadEvents: RpcClient<typeof DeadEventAdminService>;
};

/** Makes the databases, the bus and a user service without users. */
export async function createTestWorld(): Promise<TestWorld> {
  const db = await openTestDatabase();
  const testBus = await openTestBus();
  const identity = await createTestIdentity();
  const users = await startRpcServer({
    serviceName: 'user',
    host: '127.0.0.1',
    port: 0,
    authenticator: identity.authenticator,
    logger: silentLogger,
    metrics: createMetrics('user'),
    health: createHealthState(),
    bindings: [
      implement(UserInternalService, {
        batchGetContacts: async ({ userIds }) => {
          if (world.contacts === undefined) throw unavailable();
          return { contacts: userIds.flatMap((id) => world.contacts?.get(id) ?? []) };
        },
        batchGetConditions: refuse,
        ensureHouseAccount: refuse,
        verifyApiKey: refuse,
      }),
    ],
  });
  const world: TestWorld = {
    db,
    bus: testBus.bus,
    busUrl: testBus.db.url,
    identity,
    contacts: new Map(),
    userAddress: `ipv4:127.0.0.1:${users.port}`,
    async publish(schema, init, { id = uuidV7(), timeMs = Date.now() } = {}) {
      const payload = toBinary(schema, create(schema, init));
      await testBus.bus.publish([{ id, type: schema.typeName, key: 'k', payload, timeMs, traceparent: '' }]);
      return id;
    },
    async [Symbol.asyncDispose]() {
      await users.drain(100);
      await testBus[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
  return world;
}

/** Starts a replica that sends to `smtpUrl`. */
export async function startReplica(
  world: TestWorld,
  options: {
    smtpUrl: string;
    attemptsMax?: number;
    deliveriesMax?: number;
    sendTimeoutMs?: number;
    nowMs?: () => number;
    mailPollMs?: number;
    streamsPerAccountMax?: number;
    streamTimes?: Partial<StreamTimes>;
  },
): Promise<TestReplica> {
  const app = await openTestApp(needs, {
    databaseUrl: world.db.url,
    busDatabaseUrl: world.busUrl,
    addresses: { user: world.userAddress },
    authenticator: world.identity.authenticator,
  });
  // Clocks of tests jump, which nothing that waits for a time can see.
  const {
    smtpUrl,
    attemptsMax = 10,
    deliveriesMax = 4,
    streamsPerAccountMax = 16,
    mailPollMs = 200,
    ...others
  } = options;
  const overrides = { mailPollMs, ...others };
  const { port } = await createNotificationService(
    app,
    {
      smtpUrl,
      attemptsMax,
      deliveriesMax,
      streamsPerAccountMax,
      publicUrl: 'http://localhost:8080',
      mailFrom: 'no-reply@outcry.example',
    },
    overrides,
  );
  const target = { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined };
  const messages = createRpcClient(NotificationService, target);
  const admin = createRpcClient(NotificationAdminService, target);
  const deadEvents = createRpcClient(DeadEventAdminService, target);
  return {
    messages,
    admin,
    deadEvents,
    async [Symbol.asyncDispose]() {
      await deadEvents[Symbol.asyncDispose]();
      await messages[Symbol.asyncDispose]();
      await admin[Symbol.asyncDispose]();
      await app.shutdown();
    },
  };
}

async function refuse(): Promise<never> {
  throw unimplemented('not in this test');
}
