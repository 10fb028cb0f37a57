/** The portfolio service's own configuration, from the environment. */
import { type Environment, integer } from '#platform/config/env.ts';

/** What the portfolio service reads beside what every service does. */
export type PortfolioConfig = {
  /** VALUATION_STREAMS_PER_ACCOUNT_MAX, default 16, 1 to 1000: open streams of one account at one replica. */
  streamsPerAccountMax: number;
};

/** Reads the configuration. Throws ConfigError. */
export function readPortfolioConfig(env: Environment): PortfolioConfig {
  const bounds = { default: 16, min: 1, max: 1_000 };
  return { streamsPerAccountMax: integer(env, 'VALUATION_STREAMS_PER_ACCOUNT_MAX', bounds) };
}
