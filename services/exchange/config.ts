/** The exchange's configuration, read from an environment. */
import type { BaseConfig } from '#platform/config/base.ts';
import { readBaseConfig } from '#platform/config/base.ts';
import type { Environment } from '#platform/config/env.ts';
import { collect, integer, text } from '#platform/config/env.ts';
import type { ShardMap } from './shard/shard-map.ts';
import { parseShardMap } from './shard/shard-map.ts';

/** What the exchange needs to know. */
export type ExchangeConfig = {
  base: BaseConfig;
  /** EXCHANGE_SHARDS, default `0=*`: all books on shard 0. This process tries to hold each shard. */
  shards: ShardMap;
  /** EXCHANGE_LEASE_TTL_MS, default 3000, 500 to 60000: after so long a silent holder's shard is taken over. */
  leaseTtlMs: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readExchangeConfig(env: Environment): ExchangeConfig {
  return collect<ExchangeConfig>({
    base: () => readBaseConfig(env, 'exchange', { requires: ['database'] }),
    shards: () => parseShardMap(text(env, 'EXCHANGE_SHARDS', '0=*')),
    leaseTtlMs: () => integer(env, 'EXCHANGE_LEASE_TTL_MS', { default: 3_000, min: 500, max: 60_000 }),
  });
}
