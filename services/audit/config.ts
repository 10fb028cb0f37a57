/** The audit's own configuration, from the environment. */
import { type Environment, integer } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';

/** What the audit reads beside what every service does. */
export type AuditConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange. */
  shards: number[];
  /** AUDIT_EVERY_MS: the pause between two light passes, default a minute. */
  everyMs: number;
};

/** Reads the configuration. Throws ConfigError. */
export function readAuditConfig(env: Environment): AuditConfig {
  return {
    shards: readShardMap(env).shards,
    everyMs: integer(env, 'AUDIT_EVERY_MS', { min: 1_000, max: 3_600_000, default: 60_000 }),
  };
}
