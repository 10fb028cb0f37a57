/** The auto service's own configuration, from the environment. */
import { readBaseConfig } from '#platform/config/base.ts';
import type { Environment } from '#platform/config/env.ts';
import { address, collect } from '#platform/config/env.ts';

/** What the auto service reads beside the base configuration. */
export type AutoConfig = {
  /** MARKET_ADDRESS: whose prices conditions wait for. */
  marketAddress: string;
  /** ORDER_ADDRESS: where orders are placed. */
  orderAddress: string;
  /** USER_ADDRESS: whose keys verify tokens. */
  userAddress: string;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readAutoConfig(env: Environment): AutoConfig {
  const { base: _, ...config } = collect<AutoConfig & { base: unknown }>({
    base: () => readBaseConfig(env, 'auto', { requires: ['database', 'bus'] }),
    marketAddress: () => address(env, 'market'),
    orderAddress: () => address(env, 'order'),
    userAddress: () => address(env, 'user'),
  });
  return config;
}
