import { describe, expect, it } from 'vitest';
import { findLogEvents, findStaleLogEvents } from './log-events.ts';

const eventsOf = (path: string, text: string) => findLogEvents([{ path, text }]);

describe('findLogEvents', () => {
  it('finds the message of each call once, whatever stands before it', () => {
    const text = `
      logger.warn({ error, of: list.map((one) => one.name) }, 'it failed, (badly)');
      logger.warn({ other }, 'it failed, (badly)');
      options.logger?.error(
        { error },
        "it's over",
      );
      logger.info('ready');
      logRetry(logger, { a: '1' }, error, 'again');
      logger.error({ id }, \`the \${kind(a)} is gone\`);
      logger.fatal({ error }, event);
      function logRetry(logger: Logger, message: 'none') {}
    `;
    expect(eventsOf('services/order/saga/a.ts', text).map(({ level, message }) => `${level} ${message}`)).toEqual([
      "error it's over",
      'error the … is gone',
      'warn again',
      'warn it failed, (badly)',
      'info ready',
    ]);
  });

  it('names who logs: a service, the gateway, or all by what the platform has', () => {
    const owners = [
      'services/user/a.ts',
      'gateway/a.ts',
      'platform/bus/a.ts',
      'scripts/a.ts',
      'services/user/a.test.ts',
    ];
    const found = owners.flatMap((path) => eventsOf(path, "logger.info('x')").map(({ owner }) => owner));
    expect(found).toEqual(['user', 'gateway', 'every service']);
  });
});

describe('docs/log-events.md', () => {
  it('has the messages of the code; `npm run docs:generate` writes them', async () => {
    expect(await findStaleLogEvents()).toEqual([]);
  });
});
