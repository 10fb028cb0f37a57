/** A real auto service with databases of its own, and fakes of the services that it calls. */
import { fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { AutoService, type RuleTerms, type RuleTermsSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { openTestBus } from '#platform/testing/bus.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { needs } from '../needs.ts';
import { createAutoService } from '../server.ts';
import { type FakePeers, startFakePeers } from './fake-peers.ts';

/** Terms of a rule. */
export type TermsInit = Exclude<MessageInitShape<typeof RuleTermsSchema>, RuleTerms>;

/** How long a silent replica has the lease of the feed's consumer, in ms. */
export const leaseTtlMs = 2_000;

/** What replicas of one test share. */
export type TestWorld = AsyncDisposable & {
  db: OpenTestDatabase;
  peers: FakePeers;
  identity: TestIdentity;
  /** By how much the clock of all replicas is ahead, in ms. */
  skewMs: number;
  /** The events emitted so far. */
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

/** Terms of a recurring order. */
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
      const app = await openTestApp(needs, {
        databaseUrl: db.url,
        busDatabaseUrl: bus.db.url,
        addresses: { exchange: peers.address, market: peers.address, order: peers.address },
        authenticator: identity.authenticator,
      });
      const overrides = { nowMs: () => Date.now() + world.skewMs, leaseTtlMs, confirmPauseMs: 50 };
      const { port } = await createAutoService(app, { shards: [0] }, overrides);
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

/** Creates a rule for a person, a new one unless given. `as` are the options of calls in that person's name. */
export async function createRule(world: TestWorld, { auto }: TestReplica, terms: TermsInit, accountId = uuidV7()) {
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
