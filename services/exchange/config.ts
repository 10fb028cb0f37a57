/** The exchange's own configuration, from the environment. */
import { ConfigError, collect, type Environment, flag, integer, optionalText } from '#platform/config/env.ts';
import { readShardMap, type ShardMap } from '#platform/config/shard-map.ts';
import type { SnapshotPolicy } from './replication/snapshots.ts';

/** What the exchange reads beside the base configuration. */
export type ExchangeConfig = {
  /** EXCHANGE_SHARDS: which books are on which shard. */
  shards: ShardMap;
  /**
   * EXCHANGE_PROCESS_SHARDS, such as `0,2`: the shards that this process serves or follows, default all. Calls for other shards are
   * forwarded.
   */
  processShards: number[];
  /**
   * OUTCRY_ADVERTISED_ADDRESS: the `host:port` at which the exchange's other processes reach this one; by default the host and port
   * on which it listens, or the machine's name where that is every interface.
   */
  advertisedAddress: string | undefined;
  /** EXCHANGE_LEASE_TTL_MS, default 1000, 300 to 60000: after this time a silent leader's shard is taken over. */
  leaseTtlMs: number;
  /**
   * A snapshot is taken after EXCHANGE_SNAPSHOT_EVENTS_MAX events, default 5000000, or after EXCHANGE_SNAPSHOT_INTERVAL_MS, default 600000,
   * but not before EXCHANGE_SNAPSHOT_INTERVAL_MIN_MS since the last one, default 60000. Groups that nothing needs any more are deleted after
   * a snapshot, unless EXCHANGE_JOURNAL_TRIMMED is `false`, default `true`.
   */
  snapshots: SnapshotPolicy;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readExchangeConfig(env: Environment): ExchangeConfig {
  return collect<ExchangeConfig>({
    shards: () => readShardMap(env),
    processShards: () => readProcessShards(env),
    advertisedAddress: () => optionalText(env, 'OUTCRY_ADVERTISED_ADDRESS'),
    leaseTtlMs: () => integer(env, 'EXCHANGE_LEASE_TTL_MS', { default: 1_000, min: 300, max: 60_000 }),
    snapshots: () => ({
      eventsMax: integer(env, 'EXCHANGE_SNAPSHOT_EVENTS_MAX', { default: 5_000_000, min: 100, max: 1_000_000_000 }),
      intervalMs: integer(env, 'EXCHANGE_SNAPSHOT_INTERVAL_MS', { default: 600_000, min: 1_000, max: 86_400_000 }),
      intervalMinMs: integer(env, 'EXCHANGE_SNAPSHOT_INTERVAL_MIN_MS', { default: 60_000, min: 0, max: 86_400_000 }),
      trimsJournal: flag(env, 'EXCHANGE_JOURNAL_TRIMMED', true),
    }),
  });
}

function readProcessShards(env: Environment): number[] {
  const { shards } = readShardMap(env);
  const text = optionalText(env, 'EXCHANGE_PROCESS_SHARDS');
  if (text === undefined) return shards;
  const chosen = text.split(',').map((entry) => Number(entry.trim() || Number.NaN));
  if (chosen.every((shard) => shards.includes(shard))) return chosen;
  throw new ConfigError([`EXCHANGE_PROCESS_SHARDS names a shard that EXCHANGE_SHARDS does not have: "${text}"`]);
}
