import { describe, expect, it } from 'vitest';
import { decideRefresh, repeatMs } from './session.ts';

describe('decideRefresh', () => {
  const live = { useTimeMs: undefined, expireTimeMs: 1_000, sessionEnded: false };

  it('rotates a live token once', () => {
    expect(decideRefresh(live, 999)).toBe('rotate');
    expect(decideRefresh({ ...live, useTimeMs: 998 }, 999)).toBe('repeat');
  });

  it('repeats for a minute what a token was exchanged for, then takes it for stolen', () => {
    const used = { ...live, useTimeMs: 100, expireTimeMs: 1_000_000 };
    expect(decideRefresh(used, 100 + repeatMs - 1)).toBe('repeat');
    expect(decideRefresh(used, 100 + repeatMs)).toBe('reused');
  });

  it('refuses unknown, expired and ended ones', () => {
    expect(decideRefresh(undefined, 0)).toBe('unknown');
    expect(decideRefresh(live, 1_000)).toBe('expired');
    expect(decideRefresh({ ...live, sessionEnded: true }, 0)).toBe('ended');
    expect(decideRefresh({ ...live, useTimeMs: 0, sessionEnded: true }, 0)).toBe('ended');
  });

  it('treats a used token as stolen even after its time', () => {
    expect(decideRefresh({ ...live, useTimeMs: 0 }, repeatMs)).toBe('reused');
  });
});
