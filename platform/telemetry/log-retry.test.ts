import { describe, expect, it } from 'vitest';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { logRetry } from './log-retry.ts';
import { createLogger } from './logger.ts';

function linesOf(error: unknown): Record<string, unknown>[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  logRetry(createLogger({ service: 'test', destination }), { feed: 'x' }, error, 'beginning again');
  return lines.map((line) => JSON.parse(line));
}

describe('logRetry', () => {
  it('logs in a short line that a peer is unreachable', () => {
    const [line] = linesOf(unavailable());
    expect(line).toMatchObject({ level: 'info', feed: 'x', code: 'UNAVAILABLE', msg: 'beginning again' });
    expect(JSON.stringify(line)).not.toContain('stack');
  });

  it('warns of anything else with its stack', () => {
    expect(linesOf(new Error('a bug'))).toEqual([
      expect.objectContaining({ level: 'warn', error: expect.objectContaining({ stack: expect.any(String) }) }),
    ]);
  });
});
