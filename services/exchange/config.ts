/** The exchange's own configuration, from the environment. */
import type { Environment } from '#platform/config/env.ts';
import { collect, integer } from '#platform/config/env.ts';
import { readShardMap, type ShardMap } from '#platform/config/shard-map.ts';

/** What the exchange reads beside the base configuration. */
export type ExchangeConfig = {
  /** EXCHANGE_SHARDS: which books are on which shard. This process tries to hold each shard. */
  shards: ShardMap;
  /** EXCHANGE_LEASE_TTL_MS, default 3000, 500 to 60000: after so long a silent holder's shard is taken over. */
  leaseTtlMs: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readExchangeConfig(env: Environment): ExchangeConfig {
  return collect<ExchangeConfig>({
    shards: () => readShardMap(env),
    leaseTtlMs: () => integer(env, 'EXCHANGE_LEASE_TTL_MS', { default: 3_000, min: 500, max: 60_000 }),
  });
}
