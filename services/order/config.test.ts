import { describe, expect, it } from 'vitest';
import { readOrderConfig } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/order',
  BUS_DATABASE_URL: 'postgres://localhost/bus',
  SERVICE_TOKEN_SECRET: 'a-secret-for-tests-only-0123456789',
  EXCHANGE_ADDRESS: 'dns:///exchange:9000',
  LEDGER_ADDRESS: 'dns:///ledger:9000',
  MARKET_ADDRESS: 'dns:///market:9000',
  USER_ADDRESS: 'dns:///user:9000',
};

describe('readOrderConfig', () => {
  it('has a default for everything but addresses, databases and the secret', () => {
    const { shardCount, limits } = readOrderConfig(env);
    expect({ shardCount, collarBps: limits.collarBps }).toEqual({ shardCount: 1, collarBps: 500 });
  });

  it('tells every problem at once', () => {
    const broken = { ...env, LEDGER_ADDRESS: '', ORDER_SHARDS: '0', ORDER_COLLAR_BPS: 'far' };
    expect(() => readOrderConfig(broken)).toThrow(/LEDGER_ADDRESS[\s\S]*ORDER_SHARDS[\s\S]*ORDER_COLLAR_BPS/);
  });
});
