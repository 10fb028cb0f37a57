import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/env.ts';
import { readUserConfig } from './config.ts';

describe('readUserConfig', () => {
  it('has the standard conditions by default and no bootstrap accounts', () => {
    const config = readUserConfig({});
    expect(config.bootstrapAccounts).toEqual([]);
    expect(config.defaultConditions).toMatchObject({
      feePlanName: 'standard',
      makerBps: 2,
      takerBps: 5,
      orderNotionalMaxMicros: 1_000_000_000_000n,
      openNotionalMaxMicros: 5_000_000_000_000n,
      openOrdersMax: 200,
      ordersPerSecondMax: 50,
      marketOrdersPermitted: true,
    });
    expect(config.houseConditions).toMatchObject({ makerBps: 0, orderNotionalMaxMicros: null, openOrdersMax: 1_000 });
  });

  it('reads staff and limits', () => {
    const config = readUserConfig({
      BOOTSTRAP_ADMIN_EMAIL: 'Root@Outcry.example',
      BOOTSTRAP_ADMIN_PASSWORD: 'a-long-password',
      DEFAULT_TAKER_BPS: '7',
      DEFAULT_ORDER_NOTIONAL_MAX: '5.50',
    });
    expect(config.bootstrapAccounts).toMatchObject([
      { email: 'root@outcry.example', roles: ['user', 'operator', 'admin'] },
    ]);
    expect(config.defaultConditions).toMatchObject({ takerBps: 7, orderNotionalMaxMicros: 5_500_000n });
  });

  it('names every problem at once and never the password', () => {
    const env = {
      BOOTSTRAP_OPERATOR_EMAIL: 'no-address',
      BOOTSTRAP_OPERATOR_PASSWORD: 'shortie',
      DEFAULT_OPEN_NOTIONAL_MAX: 'much',
      SIGNING_KEY_ROTATION_DAYS: '0',
    };
    const error = catchError(() => readUserConfig(env));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toHaveLength(4);
    expect((error as ConfigError).message).not.toContain('shortie');
  });
});

function catchError(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
