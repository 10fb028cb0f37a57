/** An exchange inside the test process, with clients in the names of the order and the market service. */

import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { ExchangeStandbyService } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { type ExchangeConfig, readExchangeConfig } from '../config.ts';
import { needs } from '../needs.ts';
import type { SnapshotPolicy } from '../replication/snapshots.ts';
import { createExchangeService, type ExchangeOverrides, type RunningExchange } from '../server.ts';

/** Clients of an exchange. */
export type ExchangeClients = AsyncDisposable & {
  order: RpcClient<typeof ExchangeService>;
  market: RpcClient<typeof ExchangeService>;
  feed: RpcClient<typeof ExchangeFeedService>;
  /** As another process of the exchange. */
  standby: RpcClient<typeof ExchangeStandbyService>;
  asExchange: RpcClient<typeof ExchangeService>;
};

/** A running exchange and its clients; disposing ends both. */
export type TestExchange = AsyncDisposable &
  ExchangeClients & {
    exchange: RunningExchange;
    port: number;
    /** Whether its health check reports ready. */
    isReady(): boolean;
  };

/** Clients of the exchanges on some loopback ports; each uses those that it can reach. */
export function connectExchange(...ports: number[]): ExchangeClients {
  const address = `ipv4:${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  const tokenOf = (name: string) => testServiceToken(name);
  const order = createRpcClient(ExchangeService, { address, serviceToken: tokenOf('order') });
  const market = createRpcClient(ExchangeService, { address, serviceToken: tokenOf('market') });
  const feed = createRpcClient(ExchangeFeedService, { address, serviceToken: tokenOf('market') });
  const standby = createRpcClient(ExchangeStandbyService, { address, serviceToken: tokenOf('exchange') });
  const asExchange = createRpcClient(ExchangeService, { address, serviceToken: tokenOf('exchange') });
  return {
    order,
    market,
    feed,
    standby,
    asExchange,
    async [Symbol.asyncDispose]() {
      for (const client of [order, market, feed, standby, asExchange]) await client[Symbol.asyncDispose]();
    },
  };
}

/** A client of the feed of the exchange on a loopback port, in the name of a service. */
export function connectAs(service: string, port: number): RpcClient<typeof ExchangeFeedService> {
  const serviceToken = testServiceToken(service);
  return createRpcClient(ExchangeFeedService, { address: `ipv4:127.0.0.1:${port}`, serviceToken });
}

/** A gRPC target that refuses connections: a user service that no test calls. */
export const unreachableAddress = 'ipv4:127.0.0.1:1';

/** Settings of a test; `shards` as in EXCHANGE_SHARDS, `processShards` as in EXCHANGE_PROCESS_SHARDS. */
export type ExchangeSettings = {
  /** Default: so long that nothing happens because a lease ran out. */
  leaseTtlMs?: number;
  snapshots?: SnapshotPolicy;
  shards?: string;
  processShards?: string;
  /** The user service's gRPC target; by default one that refuses connections. */
  userAddress?: string;
};

/** Starts an exchange on a database. Does not wait until its shard is served: see `exchange.served`. */
export async function startExchange(
  databaseUrl: string,
  overrides: ExchangeOverrides & ExchangeSettings = {},
): Promise<TestExchange> {
  const {
    userAddress = unreachableAddress,
    leaseTtlMs = 60_000,
    snapshots = readExchangeConfig({}).snapshots,
  } = overrides;
  const app = await openTestApp(needs, { databaseUrl, addresses: { user: userAddress } });
  const env = { EXCHANGE_SHARDS: overrides.shards, EXCHANGE_PROCESS_SHARDS: overrides.processShards };
  const config: ExchangeConfig = { ...readExchangeConfig(env), leaseTtlMs, snapshots };
  const exchange = await createExchangeService(app, config, overrides);
  const clients = connectExchange(exchange.port);
  return {
    ...clients,
    exchange,
    port: exchange.port,
    isReady: () => app.health.check('') === 'serving',
    async [Symbol.asyncDispose]() {
      await clients[Symbol.asyncDispose]();
      await app.shutdown();
    },
  };
}
