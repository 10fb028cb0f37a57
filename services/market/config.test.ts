import { describe, expect, test } from 'vitest';
import { readMarketConfig } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/market',
  SERVICE_TOKEN_SECRET: 's'.repeat(32),
  EXCHANGE_ADDRESS: 'dns:///exchange:9000',
  USER_ADDRESS: 'dns:///user:9000',
};

describe('readMarketConfig', () => {
  test('follows one shard unless told otherwise', () => {
    expect(readMarketConfig(env)).toMatchObject({ shardCount: 1, exchangeAddress: 'dns:///exchange:9000' });
    expect(readMarketConfig({ ...env, EXCHANGE_SHARDS: '4' }).shardCount).toBe(4);
  });

  test('names everything that is missing or wrong at once', () => {
    const broken = { ...env, DATABASE_URL: '', USER_ADDRESS: '', EXCHANGE_SHARDS: '0' };
    expect(() => readMarketConfig(broken)).toThrow(/DATABASE_URL[\s\S]*USER_ADDRESS[\s\S]*EXCHANGE_SHARDS/);
  });
});
