/** The ledger's own configuration, from the environment. */
import type { Environment } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';

/** What the ledger reads beside what every service does. */
export type LedgerConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange, all of which are settled. */
  shards: number[];
};

/** Reads the configuration. Throws ConfigError. */
export function readLedgerConfig(env: Environment): LedgerConfig {
  return { shards: readShardMap(env).shards };
}
