/** A real auto service with databases of its own, and everyone it talks to. */
import { fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { AutoService, type RuleTerms, type RuleTermsSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { openTestBus } from '#platform/testing/bus.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { createTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { createAutoService } from '../server.ts';
import { type FakePeers, startFakePeers } from './fake-peers.ts';

/** What is arranged. */
export type TermsInit = Exclude<MessageInitShape<typeof RuleTermsSchema>, RuleTerms>;

/** What replicas of one test share. */
export type TestWorld = AsyncDisposable & {
  db: OpenTestDatabase;
  peers: FakePeers;
  identity: TestIdentity;
  /** The clock of all replicas is ahead by this. */
  skewMs: number;
  /** What was told so far. */
  alerts(): ReturnType<typeof readAlert>[];
  finished(): ReturnType<typeof readFinished>[];
  start(): Promise<TestReplica>;
};

/** One replica; ended with its world, or before. */
export type TestReplica = AsyncDisposable & { auto: RpcClient<typeof AutoService> };

/** An order of one share at the market. */
export const marketOrder = {
  case: 'order',
  value: { symbol: 'ACME', side: Side.BUY, type: OrderType.MARKET, size: { case: 'quantity', value: '1' } },
} as const;

/** Terms of an order that recurs. */
export function scheduled(cron: string, changes: Partial<TermsInit> = {}): TermsInit {
  const trigger = { case: 'schedule', value: { cron, timeZone: '' } } as const;
  return { name: 'recurring', trigger, action: marketOrder, ...changes };
}

/** Makes the databases, the bus and the peers. */
export async function createTestWorld(): Promise<TestWorld> {
  const db = await openTestDatabase();
  const bus = await openTestBus();
  const peers = await startFakePeers();
  const identity = await createTestIdentity();
  const types = [AlertRaisedSchema.typeName, RunFinishedSchema.typeName];
  const { handled } = await bus.collect({ queue: 'test.auto', types });
  const replicas = new Set<TestReplica>();
  const world: TestWorld = {
    db,
    peers,
    identity,
    skewMs: 0,
    alerts: () => handled.filter(({ type }) => type === AlertRaisedSchema.typeName).map(readAlert),
    finished: () => handled.filter(({ type }) => type === RunFinishedSchema.typeName).map(readFinished),
    async start() {
      const app = createTestApp('auto', { databaseUrl: db.url, busDatabaseUrl: bus.db.url });
      const { authenticator } = identity;
      const addresses = { orderAddress: peers.address, marketAddress: peers.address };
      const overrides = { now: () => Date.now() + world.skewMs, leaseTtlMs: 600 };
      const { port } = await createAutoService(app, { ...addresses, authenticator }, overrides);
      const auto = createRpcClient(AutoService, { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined });
      const replica: TestReplica = {
        auto,
        async [Symbol.asyncDispose]() {
          if (!replicas.delete(replica)) return;
          await auto[Symbol.asyncDispose]();
          await app.shutdown();
        },
      };
      replicas.add(replica);
      return replica;
    },
    async [Symbol.asyncDispose]() {
      for (const replica of [...replicas]) await replica[Symbol.asyncDispose]();
      await peers[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
  return world;
}

/** Arranges terms for a person, a new one unless given; calls in that person's name come with `as`. */
export async function arrange(world: TestWorld, { auto }: TestReplica, terms: TermsInit, accountId = uuidV7()) {
  const as = { userToken: await world.identity.userToken({ userId: accountId }) };
  const { rule } = await auto.createRule({ idempotencyKey: crypto.randomUUID(), terms }, as);
  if (rule === undefined) throw new Error('there is no rule in the answer');
  return { ...rule, as };
}

function readAlert({ payload }: BusEvent) {
  return fromBinary(AlertRaisedSchema, payload);
}

function readFinished({ payload }: BusEvent) {
  return fromBinary(RunFinishedSchema, payload);
}
