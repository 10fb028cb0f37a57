/** Every service that the ledger calls, in one server over lists in memory that the test writes. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AuditInternalService, type ProveAllResponseSchema } from '#gen/outcry/audit/v1/internal_pb.ts';
import { ExchangeFeedService, type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { unavailable, unimplemented } from '#platform/errors/outcry-error.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { implement, startRpcServer } from '#platform/rpc/server.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';

type EventInit = MessageInitShape<typeof FeedEventSchema>['event'];

/** The peers and what a test does to them. */
export type FakePeers = AsyncDisposable & {
  address: string;
  /** The exchange's feed; `append` adds to it. */
  events: FeedEvent[];
  append(symbol: string, ...events: EventInit[]): void;
  epoch: string;
  /** Up to where each follower has confirmed the exchange's feed, each time that it did. */
  confirmed: { follower: string; sequence: bigint }[];
  /** What the audit answers; undefined: it cannot be reached. */
  verdict: MessageInitShape<typeof ProveAllResponseSchema> | undefined;
  findingsRequested: number;
  accounts: Map<string, TestConditions>;
  conditionCalls: number;
};

/** Conditions of an account as a test writes them. */
export type TestConditions = {
  accountId: string;
  version: bigint;
  state: AccountState;
  conditions: { transferAmountMax?: string };
  house?: boolean;
};

/** Conditions of an active account without limits. */
export function activeAccount(accountId: string): TestConditions {
  return { accountId, version: 1n, state: AccountState.ACTIVE, conditions: {} };
}

/** Starts them on a free port. */
export async function startFakePeers(): Promise<FakePeers> {
  const notifier = createNotifier();
  const peers: Omit<FakePeers, 'address' | typeof Symbol.asyncDispose> = {
    events: [],
    append(symbol, ...events) {
      for (const event of events) {
        const sequence = BigInt(peers.events.length + 1);
        peers.events.push(create(FeedEventSchema, { sequence, timeMs: 1_700_000_000_000n, symbol, event }));
      }
      notifier.notify();
    },
    epoch: 'first',
    confirmed: [],
    verdict: undefined,
    findingsRequested: 0,
    accounts: new Map(),
    conditionCalls: 0,
  };
  const { authenticator } = await createTestIdentity();
  const server = await startRpcServer({
    serviceName: 'peers',
    host: '127.0.0.1',
    port: 0,
    authenticator,
    logger: silentLogger,
    metrics: createMetrics('peers'),
    health: createHealthState(),
    bindings: [exchangeBinding(peers, notifier), auditBinding(peers), userBinding(peers)],
  });
  const address = `ipv4:127.0.0.1:${server.port}`;
  return Object.assign(peers, { address, [Symbol.asyncDispose]: () => server.drain(100) });
}

type Peers = Omit<FakePeers, 'address' | typeof Symbol.asyncDispose>;

function exchangeBinding(peers: Peers, notifier: ReturnType<typeof createNotifier>) {
  return implement(ExchangeFeedService, {
    async *follow({ afterSequence }, { signal }) {
      const pages = serveFeed<FeedEvent>({
        readAfter: async (sequence, limit) => peers.events.slice(Number(sequence), Number(sequence) + limit),
        sequenceOf: ({ sequence }) => sequence,
        wake: notifier,
        afterSequence,
        signal,
      });
      for await (const { entries, headSequence } of pages) yield { events: entries, headSequence, epoch: peers.epoch };
    },
    confirm: async ({ follower, sequence }) => {
      peers.confirmed.push({ follower, sequence });
      return {};
    },
    getBooks: async () => {
      throw unimplemented('not in this test');
    },
    getOrderQueue: async () => {
      throw unimplemented('not in this test');
    },
  });
}

function auditBinding(peers: Peers) {
  return implement(AuditInternalService, {
    proveAll: async ({ findingsMax }) => {
      if (!peers.verdict) throw unavailable();
      peers.findingsRequested = findingsMax;
      return peers.verdict;
    },
  });
}

function userBinding(peers: Peers) {
  return implement(UserInternalService, {
    batchGetConditions: async ({ accountIds }) => {
      peers.conditionCalls += 1;
      return { accounts: accountIds.flatMap((accountId) => peers.accounts.get(accountId) ?? []) };
    },
    batchGetContacts: async () => ({ contacts: [] }),
    ensureHouseAccount: async () => {
      throw unimplemented('not in this test');
    },
    verifyApiKey: async () => {
      throw unimplemented('not in this test');
    },
  });
}
