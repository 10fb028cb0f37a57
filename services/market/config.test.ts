import { describe, expect, test } from 'vitest';
import { readMarketConfig } from './config.ts';

const env = { EXCHANGE_ADDRESS: 'dns:///exchange:9000', USER_ADDRESS: 'dns:///user:9000' };

describe('readMarketConfig', () => {
  test('follows one shard unless told otherwise', () => {
    expect(readMarketConfig(env)).toMatchObject({ shards: [0], exchangeAddress: 'dns:///exchange:9000' });
    expect(readMarketConfig({ ...env, EXCHANGE_SHARDS: '0=ACME;1=*' }).shards).toEqual([0, 1]);
  });

  test('names everything that is missing or wrong at once', () => {
    const broken = { ...env, USER_ADDRESS: '', EXCHANGE_SHARDS: '2' };
    expect(() => readMarketConfig(broken)).toThrow(/USER_ADDRESS[\s\S]*EXCHANGE_SHARDS/);
  });
});
