import { describe, expect, test } from 'vitest';
import { readAnalyticsConfig } from './config.ts';

describe('readAnalyticsConfig', () => {
  test('needs the market and the user service', () => {
    const env = { MARKET_ADDRESS: 'dns:///market:9000', USER_ADDRESS: 'dns:///user:9000' };
    expect(readAnalyticsConfig(env)).toMatchObject({ marketAddress: 'dns:///market:9000' });
  });

  test('names everything that is missing at once', () => {
    expect(() => readAnalyticsConfig({})).toThrow(/MARKET_ADDRESS[\s\S]*USER_ADDRESS/);
  });
});
