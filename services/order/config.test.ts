import { describe, expect, it } from 'vitest';
import { readOrderConfig } from './config.ts';

const env = {
  EXCHANGE_ADDRESS: 'dns:///exchange:9000',
  LEDGER_ADDRESS: 'dns:///ledger:9000',
  MARKET_ADDRESS: 'dns:///market:9000',
  USER_ADDRESS: 'dns:///user:9000',
};

describe('readOrderConfig', () => {
  it('has a default for everything but addresses', () => {
    const { shards, limits } = readOrderConfig(env);
    expect({ shards, collarBps: limits.collarBps }).toEqual({ shards: [0], collarBps: 500 });
  });

  it('tells every problem at once', () => {
    const broken = { ...env, LEDGER_ADDRESS: '', EXCHANGE_SHARDS: '1', ORDER_COLLAR_BPS: 'far' };
    expect(() => readOrderConfig(broken)).toThrow(/LEDGER_ADDRESS[\s\S]*EXCHANGE_SHARDS[\s\S]*ORDER_COLLAR_BPS/);
  });
});
