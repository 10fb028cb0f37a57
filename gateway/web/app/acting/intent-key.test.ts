import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it, vi } from 'vitest';

let leave = () => {};
vi.mock('../rpc/session.ts', () => ({
  onLogOut(listener: () => void) {
    leave = listener;
  },
}));

const { withIntentKey } = await import('./intent-key.ts');

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

  it('has a new key for the next person', async () => {
    const keys: string[] = [];
    const lost = async (key: string) => {
      keys.push(key);
      throw new ConnectError('failed', Code.Unavailable);
    };
    await withIntentKey('halt KITE', lost).catch(() => {});
    leave();
    await withIntentKey('halt KITE', lost).catch(() => {});
    expect(new Set(keys).size).toBe(2);
  });
});
