import { describe, expect, it } from 'vitest';
import { decideRefresh } from './session.ts';

describe('decideRefresh', () => {
  const live = { used: false, expireTimeMs: 1_000, sessionEnded: false };

  it('rotates a live token once', () => {
    expect(decideRefresh(live, 999)).toBe('rotate');
    expect(decideRefresh({ ...live, used: true }, 999)).toBe('reused');
  });

  it('refuses unknown, expired and ended ones', () => {
    expect(decideRefresh(undefined, 0)).toBe('unknown');
    expect(decideRefresh(live, 1_000)).toBe('expired');
    expect(decideRefresh({ ...live, sessionEnded: true }, 0)).toBe('ended');
    expect(decideRefresh({ ...live, used: true, sessionEnded: true }, 0)).toBe('ended');
  });

  it('treats a used token as stolen even after its time', () => {
    expect(decideRefresh({ ...live, used: true }, 5_000)).toBe('reused');
  });
});
