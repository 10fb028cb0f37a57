import { describe, expect, it } from 'vitest';
import { readBaseConfig } from './base.ts';
import { ConfigError } from './env.ts';

const keys = { SERVICE_KEY_FILE: '/keys/order.json', SERVICE_JWKS_FILE: '/keys/jwks.json' };

describe('readBaseConfig', () => {
  it('has a default for all that can have one', () => {
    expect(readBaseConfig(keys, 'order')).toMatchObject({
      service: 'order',
      host: '127.0.0.1',
      port: 9000,
      adminPort: 9464,
      logLevel: 'info',
      databasePoolMax: 8,
      databaseUrl: '',
      roleFile: '',
      streamAgeMaxMs: 1_800_000,
      migratesOnly: false,
      migratesAtStart: true,
    });
  });

  it('reports every problem at once', () => {
    const env = { OUTCRY_PORT: '70000', LOG_LEVEL: 'loud', DATABASE_POOL_MAX: '1.5', SERVICE_SECRET: 'short' };
    const problems = (() => {
      try {
        readBaseConfig(env, 'order', { requires: ['database', 'bus', 'secret'] });
      } catch (error) {
        return error instanceof ConfigError ? error.problems : [];
      }
      return [];
    })();
    expect(problems).toEqual([
      'OUTCRY_PORT is not a whole number from 0 to 65535',
      'LOG_LEVEL is none of trace, debug, info, warn, error, fatal, silent',
      'DATABASE_URL is not set',
      'BUS_DATABASE_URL is not set',
      'DATABASE_POOL_MAX is not a whole number from 1 to 100',
      'SERVICE_KEY_FILE is not set',
      'SERVICE_JWKS_FILE is not set',
      'SERVICE_SECRET is shorter than 32 characters',
    ]);
  });

  it('finds addresses by the name of the service', () => {
    const config = readBaseConfig({ ...keys, ORDER_ADDRESS: 'dns:///order:9000' }, 'gateway');
    expect(config.addressOf('order')).toBe('dns:///order:9000');
    expect(() => config.addressOf('ledger')).toThrow('LEDGER_ADDRESS is not set');
  });
});
