/** The market's own configuration, from the environment. */
import { collect, type Environment } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';

/** What the market reads beside the base configuration. */
export type MarketConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange, all of which are followed. */
  shards: number[];
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readMarketConfig(env: Environment): MarketConfig {
  return collect<MarketConfig>({ shards: () => readShardMap(env).shards });
}
