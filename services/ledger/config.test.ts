import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { readLedgerConfig } from './config.ts';
import { noFaults } from './domain/payment-fate.ts';

describe('readLedgerConfig', () => {
  it('settles every shard of the shard map, and the one shard by default', () => {
    expect(readLedgerConfig({}).shards).toEqual([0]);
    expect(readLedgerConfig({ EXCHANGE_SHARDS: '1=*;0=ACME' }).shards).toEqual([0, 1]);
  });

  it('refuses a shard map that it cannot read: settling only a part of it would lose trades', () => {
    expect(() => readLedgerConfig({ EXCHANGE_SHARDS: '0=ACME;1' })).toThrow(ConfigError);
  });

  it('pays by the local provider, which does everything at once and without a fault, unless switches say otherwise', () => {
    const { payments } = readLedgerConfig({});
    expect(payments).toEqual({
      provider: 'local',
      secrets: [],
      local: { ...noFaults, lateMs: 5_000 },
      callbackUrl: '',
    });
    const env = { LEDGER_LOCAL_PAYMENT_LOST_PERCENT: '30', LEDGER_LOCAL_PAYMENT_SEED: '7' };
    expect(readLedgerConfig(env).payments.local).toMatchObject({ lostPercent: 30, seed: 7 });
  });

  it('refuses short secrets, percentages over 100, unknown providers and addresses that are none', () => {
    const refused = {
      LEDGER_PAYMENT_SECRETS: `${'a'.repeat(32)},short`,
      LEDGER_LOCAL_PAYMENT_FAILED_PERCENT: '101',
      LEDGER_PAYMENT_PROVIDER: 'bank',
      LEDGER_LOCAL_PAYMENT_CALLBACK_URL: 'here',
    };
    for (const [name, value] of Object.entries(refused)) {
      expect(() => readLedgerConfig({ [name]: value })).toThrow(ConfigError);
    }
    expect(
      readLedgerConfig({ LEDGER_PAYMENT_SECRETS: `${'a'.repeat(32)}, ${'b'.repeat(32)}` }).payments.secrets,
    ).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
  });
});
