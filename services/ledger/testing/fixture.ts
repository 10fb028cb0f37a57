/** Ledgers in this process over a real database, with clients of them and peers that the test directs. */
import { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerAdminService, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { openTestApp, type TestApp } from '#platform/testing/service-app.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import type { LedgerConfig } from '../config.ts';
import type { LedgerDeps } from '../deps.ts';
import { noFaults } from '../domain/payment-fate.ts';
import { needs } from '../needs.ts';
import { createLedgerService, type LedgerOverrides } from '../server.ts';
import { activeAccount, type FakePeers, startFakePeers } from './fake-peers.ts';

const settings: LedgerConfig = {
  shards: [0],
  payments: { provider: 'local', secrets: [], local: noFaults, callbackUrl: '' },
};

/** One replica. */
export type TestReplica = { app: TestApp; deps: LedgerDeps; address: string };

/** A person with an account. */
export type TestPerson = { accountId: string; userToken: string };

/** The ledger and all around it. */
export type LedgerFixture = AsyncDisposable & {
  db: OpenTestDatabase;
  bus: OpenTestDatabase;
  peers: FakePeers;
  identity: TestIdentity;
  clients: ReturnType<typeof createClients>;
  startReplica(overrides?: LedgerOverrides): Promise<TestReplica>;
  /** A new active account with cash and shares, decimals. */
  person(options?: { cash?: string; shares?: Record<string, string>; house?: boolean }): Promise<TestPerson>;
  adminToken: string;
};

/** Starts the databases, the peers and one replica, which the clients call. */
export async function startFixture(overrides: LedgerOverrides = {}): Promise<LedgerFixture> {
  const [db, bus, peers, identity] = await Promise.all([
    openTestDatabase(),
    openTestDatabase(),
    startFakePeers(),
    createTestIdentity(),
  ]);
  const replicas: TestReplica[] = [];
  const startReplica = async (replaced: LedgerOverrides = overrides): Promise<TestReplica> => {
    const { address } = peers;
    const app = await openTestApp(needs, {
      databaseUrl: db.url,
      busDatabaseUrl: bus.url,
      addresses: { audit: address, exchange: address, user: address },
      authenticator: identity.authenticator,
    });
    const { port, deps } = await createLedgerService(app, settings, { leaseTtlMs: 600, ...replaced });
    const replica = { app, deps, address: `ipv4:127.0.0.1:${port}` };
    replicas.push(replica);
    return replica;
  };
  const first = await startReplica();
  const clients = createClients(first.address);
  const adminToken = await identity.userToken({ roles: ['admin', 'operator'] });
  return {
    db,
    bus,
    peers,
    identity,
    clients,
    startReplica,
    adminToken,
    async person({ cash, shares = {}, house = false } = {}) {
      const accountId = uuidV7();
      peers.accounts.set(accountId, { ...activeAccount(accountId), house });
      const userToken = await identity.userToken({ userId: accountId });
      if (cash) await clients.ledger.deposit({ idempotencyKey: 'first', amount: cash }, { userToken });
      for (const [symbol, quantity] of Object.entries(shares)) {
        const issue = { idempotencyKey: uuidV7(), accountId, symbol, quantity };
        await clients.admin.issueShares(issue, { userToken: adminToken });
      }
      return { accountId, userToken };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map(({ app }) => app.shutdown()));
      await peers[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
    },
  };
}

/** Clients of one replica, each with the identity that its contract requires. */
export function createClients(address: string) {
  const as = (service: string) => ({
    address,
    serviceToken: testServiceToken(service),
  });
  const asUser = { address, serviceToken: undefined };
  return {
    ledger: createRpcClient(LedgerService, asUser),
    admin: createRpcClient(LedgerAdminService, asUser),
    order: createRpcClient(LedgerInternalService, as('order')),
    gateway: createRpcClient(LedgerInternalService, as('gateway')),
    simulator: createRpcClient(LedgerInternalService, as('simulator')),
    feed: createRpcClient(LedgerFeedService, as('portfolio')),
  };
}
