import { describe, expect, it } from 'vitest';
import { readBaseConfig } from './base.ts';
import { ConfigError } from './env.ts';

const secret = 'x'.repeat(32);

describe('readBaseConfig', () => {
  it('has a default for all that can have one', () => {
    expect(readBaseConfig({ SERVICE_TOKEN_SECRET: secret }, 'order')).toMatchObject({
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
    const env = { OUTCRY_PORT: '70000', LOG_LEVEL: 'loud', DATABASE_POOL_MAX: '1.5', SERVICE_TOKEN_SECRET: 'short' };
    const problems = (() => {
      try {
        readBaseConfig(env, 'order', { requires: ['database', 'bus'] });
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
      'SERVICE_TOKEN_SECRET is shorter than 32 characters',
    ]);
  });

  it('finds addresses by the name of the service', () => {
    const config = readBaseConfig({ SERVICE_TOKEN_SECRET: secret, ORDER_ADDRESS: 'dns:///order:9000' }, 'gateway');
    expect(config.addressOf('order')).toBe('dns:///order:9000');
    expect(() => config.addressOf('ledger')).toThrow('LEDGER_ADDRESS is not set');
  });
});
