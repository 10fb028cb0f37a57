import { type BaseConfig, readBaseConfig } from '#platform/config/base.ts';
import { collect, type Environment, integer, requireText } from '#platform/config/env.ts';
import { defaultSagaLimits, type SagaLimits } from './saga/saga.ts';

/** What the order service needs beside the base. */
export type OrderConfig = {
  /** The base, with a database and the bus. */
  base: BaseConfig;
  /** gRPC targets. */
  exchangeAddress: string;
  ledgerAddress: string;
  marketAddress: string;
  userAddress: string;
  /** ORDER_SHARDS: shards of the exchange, from 0; default 1, at most 64. */
  shardCount: number;
  /** ORDER_COLLAR_BPS (default 500), ORDER_OUTBOX_BACKLOG_MAX (500,000 events), ORDER_HOUSE_RETENTION_MINUTES (60). */
  limits: SagaLimits;
};

/** Reads the environment. Throws ConfigError with every problem at once. */
export function readOrderConfig(env: Environment): OrderConfig {
  const { collarBps, outboxBacklogMax } = defaultSagaLimits;
  return collect<OrderConfig>({
    base: () => readBaseConfig(env, 'order', { requires: ['database', 'bus'] }),
    exchangeAddress: () => requireText(env, 'EXCHANGE_ADDRESS'),
    ledgerAddress: () => requireText(env, 'LEDGER_ADDRESS'),
    marketAddress: () => requireText(env, 'MARKET_ADDRESS'),
    userAddress: () => requireText(env, 'USER_ADDRESS'),
    shardCount: () => integer(env, 'ORDER_SHARDS', { default: 1, min: 1, max: 64 }),
    limits: () => ({
      ...defaultSagaLimits,
      collarBps: integer(env, 'ORDER_COLLAR_BPS', { default: collarBps, min: 0, max: 5_000 }),
      houseRetentionMs: integer(env, 'ORDER_HOUSE_RETENTION_MINUTES', { default: 60, min: 1, max: 525_600 }) * 60_000,
      outboxBacklogMax: integer(env, 'ORDER_OUTBOX_BACKLOG_MAX', { default: outboxBacklogMax, min: 1, max: 900_000 }),
    }),
  });
}
