import { describe, expect, it } from 'vitest';
import { readAutoConfig } from './config.ts';

const addresses = {
  MARKET_ADDRESS: 'ipv4:127.0.0.1:9003',
  ORDER_ADDRESS: 'ipv4:127.0.0.1:9005',
  USER_ADDRESS: 'ipv4:127.0.0.1:9001',
};

describe('readAutoConfig', () => {
  it('needs whom it calls, a database and the bus', () => {
    const base = {
      DATABASE_URL: 'postgres://a',
      BUS_DATABASE_URL: 'postgres://b',
      SERVICE_TOKEN_SECRET: 'x'.repeat(32),
    };
    expect(readAutoConfig({ ...base, ...addresses })).toEqual({
      marketAddress: addresses.MARKET_ADDRESS,
      orderAddress: addresses.ORDER_ADDRESS,
      userAddress: addresses.USER_ADDRESS,
    });
    expect(() => readAutoConfig({})).toThrow(
      /DATABASE_URL[\s\S]*MARKET_ADDRESS[\s\S]*ORDER_ADDRESS[\s\S]*USER_ADDRESS/,
    );
  });
});
