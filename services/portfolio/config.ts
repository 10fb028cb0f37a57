/** The portfolio service's own configuration, from the environment. */
import type { Environment } from '#platform/config/env.ts';
import { address, collect, integer } from '#platform/config/env.ts';

/** What the portfolio service reads beside the base configuration. */
export type PortfolioConfig = {
  /** LEDGER_ADDRESS: whose feed is followed. */
  ledgerAddress: string;
  /** MARKET_ADDRESS: whose prices value the positions. */
  marketAddress: string;
  /** USER_ADDRESS: whose keys verify tokens. */
  userAddress: string;
  /** VALUATION_STREAMS_PER_ACCOUNT_MAX, default 16, 1 to 1000: open streams of one account at one replica. */
  streamsPerAccountMax: number;
};

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readPortfolioConfig(env: Environment): PortfolioConfig {
  const streams = { default: 16, min: 1, max: 1_000 };
  return collect<PortfolioConfig>({
    ledgerAddress: () => address(env, 'ledger'),
    marketAddress: () => address(env, 'market'),
    userAddress: () => address(env, 'user'),
    streamsPerAccountMax: () => integer(env, 'VALUATION_STREAMS_PER_ACCOUNT_MAX', streams),
  });
}
