import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { readLedgerConfig } from './config.ts';

describe('readLedgerConfig', () => {
  it('settles every shard of the shard map, and the one shard by default', () => {
    expect(readLedgerConfig({})).toEqual({ shards: [0] });
    expect(readLedgerConfig({ EXCHANGE_SHARDS: '1=*;0=ACME' })).toEqual({ shards: [0, 1] });
  });

  it('refuses a shard map that it cannot read: settling only a part of it would lose trades', () => {
    expect(() => readLedgerConfig({ EXCHANGE_SHARDS: '0=ACME;1' })).toThrow(ConfigError);
  });
});
