/** The order service's own configuration, from the environment. */
import { collect, type Environment, integer } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';

/** Bounds on orders and their processing. */
export type OrderLimits = {
  /** ORDER_COLLAR_BPS: how far beyond the market a market order may trade, and a stop beyond its stop price, in basis points. */
  collarBps: number;
  /** Age at which the sweeper takes up an order that is still pending. */
  sweepAgeMs: number;
  /** Greatest age at which a market, IOC, FOK or by-amount order is still submitted; older ones are compensated. */
  immediateAgeMaxMs: number;
  /** ORDER_OUTBOX_BACKLOG_MAX: events in the outbox past which new orders are refused. */
  outboxBacklogMax: number;
  /** Longest wait of CancelOrder's answer for this service's own consumer of the feed, in ms. */
  feedWaitMs: number;
  /** ORDER_HOUSE_RETENTION_MINUTES: age since their end past which orders of house accounts are deleted; those of people never are. */
  houseRetentionMs: number;
};

/** What the order service reads beside the base configuration. */
export type OrderConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange, whose feeds are consumed. */
  shards: number[];
  limits: OrderLimits;
};

/** The limits of an environment without settings. */
export const defaultLimits: OrderLimits = {
  collarBps: 500,
  sweepAgeMs: 2_000,
  immediateAgeMaxMs: 5_000,
  outboxBacklogMax: 500_000,
  feedWaitMs: 2_000,
  houseRetentionMs: 3_600_000,
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readOrderConfig(env: Environment): OrderConfig {
  const { collarBps, outboxBacklogMax, houseRetentionMs } = defaultLimits;
  const retention = { default: houseRetentionMs / 60_000, min: 1, max: 525_600 };
  return collect<OrderConfig>({
    shards: () => readShardMap(env).shards,
    limits: () => ({
      ...defaultLimits,
      collarBps: integer(env, 'ORDER_COLLAR_BPS', { default: collarBps, min: 0, max: 5_000 }),
      houseRetentionMs: integer(env, 'ORDER_HOUSE_RETENTION_MINUTES', retention) * 60_000,
      outboxBacklogMax: integer(env, 'ORDER_OUTBOX_BACKLOG_MAX', { default: outboxBacklogMax, min: 1, max: 900_000 }),
    }),
  });
}
