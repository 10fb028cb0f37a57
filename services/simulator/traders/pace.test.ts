import { describe, expect, it } from 'vitest';
import { createPace } from './pace.ts';

describe('createPace', () => {
  it('lets through as many commands a second as it may, in whatever groups they come', () => {
    let nowMs = 0;
    const pace = createPace(20, { nowMs: () => nowMs });
    let sent = 0;
    for (; nowMs < 60_000; nowMs += 100) if (pace.tryTake(7)) sent += 7;
    expect(sent).toBeGreaterThan(60 * 20 - 20);
    expect(sent).toBeLessThanOrEqual(60 * 20 + 20);
  });

  it('saves no more than the allowance of a second', () => {
    let nowMs = 0;
    const pace = createPace(10, { nowMs: () => nowMs });
    nowMs = 3_600_000;
    let sent = 0;
    while (pace.tryTake(1)) sent += 1;
    expect(sent).toBe(10);
  });
});
