import { describe, expect, test } from 'vitest';
import { createRestartPolicy } from './restart-policy.ts';

describe('createRestartPolicy', () => {
  test('waits longer after each death and gives up at the sixth within a minute', () => {
    const policy = createRestartPolicy();
    const decisions = [0, 1_000, 2_000, 3_000, 4_000].map((timeMs) => policy.onDeath(timeMs));
    expect(decisions).toEqual([100, 200, 400, 800, 1_600].map((delayMs) => ({ action: 'restart', delayMs })));
    expect(policy.onDeath(59_999)).toEqual({ action: 'give-up', deathsPerMinute: 6 });
  });

  test('forgets deaths that are a minute old', () => {
    const policy = createRestartPolicy();
    for (let death = 0; death < 100; death++) {
      expect(policy.onDeath(death * 13_000).action).toBe('restart');
    }
  });
});
