/** The order service's own configuration, from the environment. */
import { address, collect, type Environment, integer } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';
import { defaultSagaLimits, type SagaLimits } from './deps.ts';

/** What the order service reads beside the base configuration. */
export type OrderConfig = {
  /** gRPC targets. */
  exchangeAddress: string;
  ledgerAddress: string;
  marketAddress: string;
  userAddress: string;
  /** EXCHANGE_SHARDS: the shards of the exchange, all of which are followed. */
  shards: number[];
  /** ORDER_COLLAR_BPS (default 500), ORDER_OUTBOX_BACKLOG_MAX (500,000 events), ORDER_HOUSE_RETENTION_MINUTES (60). */
  limits: SagaLimits;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readOrderConfig(env: Environment): OrderConfig {
  const { collarBps, outboxBacklogMax } = defaultSagaLimits;
  return collect<OrderConfig>({
    exchangeAddress: () => address(env, 'exchange'),
    ledgerAddress: () => address(env, 'ledger'),
    marketAddress: () => address(env, 'market'),
    userAddress: () => address(env, 'user'),
    shards: () => readShardMap(env).shards,
    limits: () => ({
      ...defaultSagaLimits,
      collarBps: integer(env, 'ORDER_COLLAR_BPS', { default: collarBps, min: 0, max: 5_000 }),
      houseRetentionMs: integer(env, 'ORDER_HOUSE_RETENTION_MINUTES', { default: 60, min: 1, max: 525_600 }) * 60_000,
      outboxBacklogMax: integer(env, 'ORDER_OUTBOX_BACKLOG_MAX', { default: outboxBacklogMax, min: 1, max: 900_000 }),
    }),
  });
}
