/** The analytics service's own configuration, from the environment; it keeps nothing in a database. */
import { address, collect, type Environment } from '#platform/config/env.ts';

/** What the analytics service reads beside the base configuration. */
export type AnalyticsConfig = {
  /** MARKET_ADDRESS: whose quotes and candles are followed. */
  marketAddress: string;
  /** USER_ADDRESS: whose keys verify tokens. */
  userAddress: string;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readAnalyticsConfig(env: Environment): AnalyticsConfig {
  return collect<AnalyticsConfig>({
    marketAddress: () => address(env, 'market'),
    userAddress: () => address(env, 'user'),
  });
}
