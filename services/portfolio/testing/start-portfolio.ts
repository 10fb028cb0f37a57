/** A real portfolio service between a ledger and a market that tests control. */
import { PortfolioInternalService, PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import type { ValuationTimes } from '../deps.ts';
import { needs } from '../needs.ts';
import { createPortfolioService, type RunningPortfolioService } from '../server.ts';
import { type FakeLedger, startFakeLedger } from './fake-ledger.ts';
import { type FakeMarket, startFakeMarket } from './fake-market.ts';

/** One share in millionths. */
export const share = 1_000_000n;

/** One replica with clients. */
export type TestReplica = RunningPortfolioService &
  AsyncDisposable & {
    portfolio: RpcClient<typeof PortfolioService>;
    /** Called as the audit. */
    internal: RpcClient<typeof PortfolioInternalService>;
  };

/** Everything around the replicas of one test file. */
export type TestSurroundings = AsyncDisposable & {
  identity: TestIdentity;
  ledger: FakeLedger;
  market: FakeMarket;
  databaseUrl: string;
  /** Starts a replica on the shared database. */
  startReplica(times?: Partial<ValuationTimes>): Promise<TestReplica>;
  /** A fresh account with its token. */
  newAccount(roles?: ('user' | 'operator')[]): Promise<{ accountId: string; userToken: string }>;
};

/** Starts ledger and market with a database; no replica yet. */
export async function startSurroundings(prices: Record<string, string>): Promise<TestSurroundings> {
  const identity = await createTestIdentity();
  const database = await createTestDatabase();
  const ledger = await startFakeLedger(identity);
  const market = await startFakeMarket(identity, new Map(Object.entries(prices)));
  const databaseUrl = database.url;
  return {
    identity,
    ledger,
    market,
    databaseUrl,
    async startReplica(times = {}) {
      const app = await openTestApp(needs, {
        databaseUrl,
        databasePoolMax: 8,
        addresses: { ledger: ledger.address, market: market.address },
        authenticator: identity.authenticator,
      });
      const running = await createPortfolioService(app, { streamsPerAccountMax: 4 }, { times });
      const address = `ipv4:127.0.0.1:${running.port}`;
      const portfolio = createRpcClient(PortfolioService, { address, serviceToken: undefined });
      const serviceToken = testServiceToken('audit');
      const internal = createRpcClient(PortfolioInternalService, { address, serviceToken });
      return {
        ...running,
        portfolio,
        internal,
        async [Symbol.asyncDispose]() {
          await portfolio[Symbol.asyncDispose]();
          await internal[Symbol.asyncDispose]();
          await app.shutdown();
        },
      };
    },
    async newAccount(roles = ['user']) {
      const accountId = uuidV7();
      return { accountId, userToken: await identity.userToken({ userId: accountId, roles }) };
    },
    async [Symbol.asyncDispose]() {
      await ledger[Symbol.asyncDispose]();
      await market[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}
