import { type BaseConfig, readBaseConfig } from '#platform/config/base.ts';
import { collect, type Environment, integer, requireText } from '#platform/config/env.ts';

/** What the market needs beside the base. */
export type MarketConfig = {
  /** The base, with a database. */
  base: BaseConfig;
  exchangeAddress: string;
  userAddress: string;
  /** EXCHANGE_SHARDS: shards of the exchange, from 0; default 1, at most 64. */
  shardCount: number;
};

/** Reads the environment. Throws ConfigError with every problem at once. */
export function readMarketConfig(env: Environment): MarketConfig {
  return collect<MarketConfig>({
    base: () => readBaseConfig(env, 'market', { requires: ['database'] }),
    exchangeAddress: () => requireText(env, 'EXCHANGE_ADDRESS'),
    userAddress: () => requireText(env, 'USER_ADDRESS'),
    shardCount: () => integer(env, 'EXCHANGE_SHARDS', { default: 1, min: 1, max: 64 }),
  });
}
