/** Auto's own configuration, from the environment. */
import { collect, type Environment } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';

/** What auto reads beside the base configuration. */
export type AutoConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange, whose trades are judged. */
  shards: number[];
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readAutoConfig(env: Environment): AutoConfig {
  return collect<AutoConfig>({ shards: () => readShardMap(env).shards });
}
