/** The ledger's own configuration, from the environment. */
import { address, collect, type Environment } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';

/** What the ledger reads beside the base configuration: the gRPC targets of all that it calls, and the shards to settle. */
export type LedgerConfig = {
  exchangeAddress: string;
  orderAddress: string;
  portfolioAddress: string;
  userAddress: string;
  /** EXCHANGE_SHARDS: the shards of the exchange, all of which are settled. */
  shards: number[];
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readLedgerConfig(env: Environment): LedgerConfig {
  return collect<LedgerConfig>({
    exchangeAddress: () => address(env, 'exchange'),
    orderAddress: () => address(env, 'order'),
    portfolioAddress: () => address(env, 'portfolio'),
    userAddress: () => address(env, 'user'),
    shards: () => readShardMap(env).shards,
  });
}
