import { describe, expect, it } from 'vitest';
import { createAlarm } from './alarm.ts';

describe('createAlarm', () => {
  it('wakes at the time and not before, again and again', async () => {
    await using alarm = createAlarm();
    for (let round = 0; round < 20; round++) {
      const dueTimeMs = performance.now() + 2.5;
      await alarm.waitUntil(dueTimeMs);
      // The clocks of two threads differ by microseconds.
      expect(performance.now()).toBeGreaterThan(dueTimeMs - 0.1);
    }
  });

  it('wakes at once for a time that is over', async () => {
    await using alarm = createAlarm();
    await alarm.waitUntil(performance.now() - 1_000);
  });
});
