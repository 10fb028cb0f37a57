import { MarketInternalService } from '#gen/outcry/market/v1/internal_pb.ts';
import { MarketAdminService, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { defaultStreamTimes, type StreamTimes } from '#platform/stream/serve-stream.ts';
import { openTestApp, type TestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { needs } from '../needs.ts';
import { createMarketService } from '../server.ts';

/** A market in this process with clients of it. */
export type TestMarket = AsyncDisposable & {
  app: TestApp & AppOf<typeof needs>;
  market: ReturnType<typeof createMarketClient>;
  admin: ReturnType<typeof createAdminClient>;
  /** A client with the identity of another service. */
  internalFor(service: string): ReturnType<typeof createInternalClient>;
  identity: TestIdentity;
};

const createMarketClient = (address: string) => createRpcClient(MarketService, { address, serviceToken: undefined });
const createAdminClient = (address: string) =>
  createRpcClient(MarketAdminService, { address, serviceToken: undefined });

const createInternalClient = (address: string, serviceToken: () => Promise<string>) =>
  createRpcClient(MarketInternalService, { address, serviceToken });

/** Starts a replica on the database, following the exchange at the port. */
export async function startTestMarket(options: {
  databaseUrl: string;
  exchangePort: number;
  streamTimes?: Partial<StreamTimes>;
  /** The market's time, Unix ms; default the machine's. */
  nowMs?: () => number;
  /** The file of a clock that can be set. */
  clockFile?: string;
}): Promise<TestMarket> {
  const identity = await createTestIdentity();
  const app = await openTestApp(needs, {
    databaseUrl: options.databaseUrl,
    addresses: { exchange: `ipv4:127.0.0.1:${options.exchangePort}` },
    authenticator: identity.authenticator,
    clockFile: options.clockFile ?? '',
  });
  const streamTimes = { ...defaultStreamTimes, ...options.streamTimes };
  const { port } = await createMarketService(
    app,
    { shards: [0], streamAgeMaxMs: streamTimes.ageMaxMs },
    { streamTimes, nowMs: options.nowMs },
  );
  const address = `ipv4:127.0.0.1:${port}`;
  const market = createMarketClient(address);
  const admin = createAdminClient(address);
  return {
    app,
    market,
    admin,
    internalFor: (service) => createInternalClient(address, () => identity.serviceToken(service)),
    identity,
    async [Symbol.asyncDispose]() {
      await market[Symbol.asyncDispose]();
      await admin[Symbol.asyncDispose]();
      await app.shutdown();
    },
  };
}
