import { describe, expect, it } from 'vitest';
import { readExchangeConfig } from './config.ts';

describe('readExchangeConfig', () => {
  it('holds all books on shard 0 by default', () => {
    const config = readExchangeConfig({});
    expect(config.shards.shards).toEqual([0]);
    expect(config.leaseTtlMs).toBe(1_000);
    const snapshots = { eventsMax: 5_000_000, intervalMs: 600_000, intervalMinMs: 60_000, trimsJournal: true };
    expect(config.snapshots).toEqual(snapshots);
    expect(readExchangeConfig({ EXCHANGE_JOURNAL_TRIMMED: 'false' }).snapshots.trimsJournal).toBe(false);
  });

  it('takes part in the configured shards, by default in all', () => {
    const env = { EXCHANGE_SHARDS: '0=ACME;1=MSFT;2=*' };
    expect(readExchangeConfig(env).processShards).toEqual([0, 1, 2]);
    expect(readExchangeConfig({ ...env, EXCHANGE_PROCESS_SHARDS: '2, 0' }).processShards).toEqual([2, 0]);
    expect(() => readExchangeConfig({ ...env, EXCHANGE_PROCESS_SHARDS: '3' })).toThrow('EXCHANGE_PROCESS_SHARDS');
  });

  it('reports every problem at once', () => {
    expect(() => readExchangeConfig({ EXCHANGE_SHARDS: 'x', EXCHANGE_LEASE_TTL_MS: '1' })).toThrow(
      /EXCHANGE_SHARDS[\s\S]*EXCHANGE_LEASE_TTL_MS/,
    );
  });
});
