import { type BaseConfig, readBaseConfig } from '#platform/config/base.ts';
import { collect, type Environment, requireText } from '#platform/config/env.ts';

/** What analytics needs beside the base; it keeps nothing in a database. */
export type AnalyticsConfig = { base: BaseConfig; marketAddress: string; userAddress: string };

/** Reads the environment. Throws ConfigError with every problem at once. */
export function readAnalyticsConfig(env: Environment): AnalyticsConfig {
  return collect<AnalyticsConfig>({
    base: () => readBaseConfig(env, 'analytics'),
    marketAddress: () => requireText(env, 'MARKET_ADDRESS'),
    userAddress: () => requireText(env, 'USER_ADDRESS'),
  });
}
