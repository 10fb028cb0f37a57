/** The market's own configuration, from the environment. */
import { collect, type Environment, integer } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';
import { defaultStreamTimes } from '#platform/stream/serve-stream.ts';

/** What the market reads beside the base configuration. */
export type MarketConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange, all of which are followed. */
  shards: number[];
  /** MARKET_STREAM_AGE_MAX_MS: age at which public streams end with a token; default 15 minutes, 1 s to 25 minutes. */
  streamAgeMaxMs: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readMarketConfig(env: Environment): MarketConfig {
  const age = { default: defaultStreamTimes.ageMaxMs, min: 1_000, max: 25 * 60_000 };
  return collect<MarketConfig>({
    shards: () => readShardMap(env).shards,
    streamAgeMaxMs: () => integer(env, 'MARKET_STREAM_AGE_MAX_MS', age),
  });
}
