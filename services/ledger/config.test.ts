import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { readLedgerConfig } from './config.ts';

const complete = {
  EXCHANGE_ADDRESS: 'dns:///exchange:9000',
  ORDER_ADDRESS: 'dns:///order:9000',
  PORTFOLIO_ADDRESS: 'dns:///portfolio:9000',
  USER_ADDRESS: 'dns:///user:9000',
};

describe('readLedgerConfig', () => {
  it('reads a complete environment and settles the one shard by default', () => {
    expect(readLedgerConfig(complete)).toMatchObject({ portfolioAddress: 'dns:///portfolio:9000', shards: [0] });
  });

  it('names every service that the audit and settlement need and that is missing', () => {
    const { ORDER_ADDRESS: _order, PORTFOLIO_ADDRESS: _portfolio, ...rest } = complete;
    expect(() => readLedgerConfig(rest)).toThrow(ConfigError);
    expect(() => readLedgerConfig(rest)).toThrow(/ORDER_ADDRESS is not set\n.*PORTFOLIO_ADDRESS is not set/);
  });
});
