import { describe, expect, test } from 'vitest';
import { readAnalyticsConfig } from './config.ts';

describe('readAnalyticsConfig', () => {
  test('needs no database', () => {
    const env = {
      SERVICE_TOKEN_SECRET: 's'.repeat(32),
      MARKET_ADDRESS: 'dns:///market:9000',
      USER_ADDRESS: 'dns:///user:9000',
    };
    expect(readAnalyticsConfig(env)).toMatchObject({ marketAddress: 'dns:///market:9000' });
  });

  test('names everything that is missing at once', () => {
    expect(() => readAnalyticsConfig({})).toThrow(/SERVICE_TOKEN_SECRET[\s\S]*MARKET_ADDRESS[\s\S]*USER_ADDRESS/);
  });
});
