import { describe, expect, it } from 'vitest';
import { readMarketConfig } from './config.ts';

describe('readMarketConfig', () => {
  it('follows one shard by default, and those of the shard map otherwise', () => {
    expect(readMarketConfig({})).toEqual({ shards: [0], streamAgeMaxMs: 900_000 });
    expect(readMarketConfig({ EXCHANGE_SHARDS: '0=ACME;1=*' })).toMatchObject({ shards: [0, 1] });
  });

  it('refuses a shard map that it does not understand', () => {
    expect(() => readMarketConfig({ EXCHANGE_SHARDS: '2' })).toThrow('EXCHANGE_SHARDS');
  });
});
