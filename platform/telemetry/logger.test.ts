import { globSync } from 'node:fs';
import type { DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from './logger.ts';
import { runWithTrace, startTrace } from './trace-context.ts';

function capture(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', level, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

/** Fields whose names sound like secrets: positions in lists and streams, and the number that fences off a former holder of a lease. */
const publicFields: ReadonlySet<string> = new Set(['page_token', 'next_page_token', 'resume_token', 'lease_token']);

/** The names of all fields of all contracts that hold text or bytes. */
async function contractFields(): Promise<string[]> {
  const gen = new URL('../../gen/', import.meta.url);
  const files = globSync('outcry/**/*_pb.ts', { cwd: gen });
  const modules = await Promise.all(files.map((file) => import(new URL(file, gen).href)));
  const names = new Set<string>();
  for (const described of modules.flatMap((module) => Object.values(module as object) as unknown[])) {
    if (!isMessage(described)) continue;
    for (const field of described.fields) if (field.fieldKind === 'scalar') names.add(field.name);
  }
  return [...names];
}

function isMessage(value: unknown): value is DescMessage {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'message';
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

  it('hides each field of a contract that is a secret, by either of its names', async () => {
    const fields = (await contractFields()).filter((name) => /password|token|secret|api_key$|cookie/.test(name));
    const secrets = fields.filter((name) => !publicFields.has(name));
    expect(secrets).toEqual(expect.arrayContaining(['password', 'refresh_token', 'secret', 'user_token']));
    for (const name of secrets) {
      const { logger, lines } = capture();
      const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      logger.info({ [name]: 'hunter2', request: { [camel]: 'hunter2' } });
      expect(lines.join(''), name).not.toContain('hunter2');
    }
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
