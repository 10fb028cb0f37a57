import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { withIntentKey } from './intent-key.ts';

describe('withIntentKey', () => {
  it('has the same key again after an unknown outcome, and a new one after an answer', async () => {
    const keys: string[] = [];
    const attempt = (code: Code | undefined) =>
      withIntentKey('halt ACME', async (key) => {
        keys.push(key);
        if (code !== undefined) throw new ConnectError('failed', code);
      }).catch(() => {});
    for (const code of [Code.Unavailable, Code.DeadlineExceeded, undefined, Code.InvalidArgument, undefined])
      await attempt(code);
    const [first, second, third, fourth, fifth] = keys;
    expect([second, third]).toEqual([first, first]);
    expect(new Set([first, fourth, fifth]).size).toBe(3);
  });
});
