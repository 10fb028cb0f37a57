import { describe, expect, it } from 'vitest';
import { createTokenCache } from './token-cache.ts';

describe('createTokenCache', () => {
  it('returns a token until its expiry, and for a minute at most', () => {
    let nowMs = 0;
    const cache = createTokenCache<string>(() => nowMs);
    cache.set('short', 'a', 10_000);
    cache.set('long', 'b', 600_000);
    nowMs = 9_999;
    expect([cache.get('short'), cache.get('long')]).toEqual(['a', 'b']);
    nowMs = 10_000;
    expect(cache.get('short')).toBeUndefined();
    nowMs = 60_000;
    expect(cache.get('long')).toBeUndefined();
  });

  it('stores ten thousand tokens and evicts the oldest first', () => {
    const cache = createTokenCache<number>(() => 0);
    for (let token = 0; token <= 10_000; token += 1) cache.set(String(token), token, 1_000);
    expect(cache.get('0')).toBeUndefined();
    expect(cache.get('1')).toBe(1);
    expect(cache.get('10000')).toBe(10_000);
  });
});
