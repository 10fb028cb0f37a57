import { describe, expect, it } from 'vitest';
import { decideRefresh, loginFailuresMax, loginRetryDelayMs, loginWindowMs } from './session.ts';

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

describe('loginRetryDelayMs', () => {
  it('lets ten wrong passwords pass and then waits for the end of the window', () => {
    const start = { windowStartTimeMs: 1_000 };
    expect(loginRetryDelayMs(undefined, 1_000)).toBe(0);
    expect(loginRetryDelayMs({ ...start, count: loginFailuresMax - 1 }, 1_000)).toBe(0);
    expect(loginRetryDelayMs({ ...start, count: loginFailuresMax }, 2_000)).toBe(loginWindowMs - 1_000);
    expect(loginRetryDelayMs({ ...start, count: loginFailuresMax }, 1_000 + loginWindowMs)).toBe(0);
  });
});
