import { type BaseConfig, readBaseConfig } from '#platform/config/base.ts';
import { address, collect, type Environment, integer } from '#platform/config/env.ts';

/** What the ledger needs to know. All services that it calls are required. */
export type LedgerConfig = {
  /** The base, with a database and the bus. */
  base: BaseConfig;
  /** gRPC targets. */
  exchangeAddress: string;
  orderAddress: string;
  portfolioAddress: string;
  userAddress: string;
  /** EXCHANGE_SHARDS: shards of the exchange that are settled, from 0; default 1, at most 64. */
  shardCount: number;
};

/** Reads the environment. Throws ConfigError with every problem at once. */
export function readLedgerConfig(env: Environment): LedgerConfig {
  return collect<LedgerConfig>({
    base: () => readBaseConfig(env, 'ledger', { requires: ['database', 'bus'] }),
    exchangeAddress: () => address(env, 'exchange'),
    orderAddress: () => address(env, 'order'),
    portfolioAddress: () => address(env, 'portfolio'),
    userAddress: () => address(env, 'user'),
    shardCount: () => integer(env, 'EXCHANGE_SHARDS', { default: 1, min: 1, max: 64 }),
  });
}
