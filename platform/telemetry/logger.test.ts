import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from './logger.ts';
import { runWithTrace, startTrace } from './trace-context.ts';

function capture(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', level, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('createLogger', () => {
  it('writes one JSON object a line with service, level and time', () => {
    const { logger, lines, last } = capture();
    logger.info({ orders: 3 }, 'placed');
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ service: 'test', level: 'info', msg: 'placed', orders: 3 });
    expect(new Date(last().time).getTime()).toBeGreaterThan(0);
  });

  it('hides secrets at the top, and one and two levels down', () => {
    const { logger, lines } = capture();
    const secrets = {
      authorization: 'hunter2',
      password: 'hunter2',
      refreshToken: 'hunter2',
      'x-outcry-service-token': 'hunter2',
    };
    logger.info(secrets);
    logger.info({ request: secrets });
    logger.info({ call: { metadata: secrets } });
    logger.child({ token: 'hunter2' }).info('from a child');
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines.join('')).toContain('[redacted]');
  });

  it('adds the ids of the trace it runs in', () => {
    const { logger, last } = capture();
    const trace = startTrace(undefined, 'request-1');
    runWithTrace(trace, () => logger.info('inside'));
    expect(last()).toMatchObject({ trace_id: trace.traceId, span_id: trace.spanId, request_id: 'request-1' });
    logger.info('outside');
    expect(last().trace_id).toBeUndefined();
  });

  it('writes errors with message and stack', () => {
    const { logger, last } = capture();
    logger.error({ error: new Error('broken', { cause: new Error('deeper') }) }, 'failed');
    expect(last().error).toMatchObject({ type: 'Error', message: expect.stringContaining('broken') });
    expect(last().error.stack).toContain('deeper');
  });
});
