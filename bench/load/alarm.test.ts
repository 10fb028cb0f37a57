import { describe, expect, it } from 'vitest';
import { createAlarm } from './alarm.ts';

const farMs = 60_000;
const boundMs = 5_000;

describe('createAlarm', () => {
  it('wakes at the time and not before, again and again', async () => {
    await using alarm = createAlarm();
    const latenessMs: number[] = [];
    for (let round = 0; round < 20; round++) {
      const dueTimeMs = performance.now() + 2.5;
      await alarm.waitUntil(dueTimeMs);
      latenessMs.push(performance.now() - dueTimeMs);
    }
    // The clocks of two threads differ by microseconds.
    expect(Math.min(...latenessMs)).toBeGreaterThan(-0.1);
    expect(Math.max(...latenessMs)).toBeLessThan(boundMs);
  });

  it('wakes at once for a time that is over, however long ago it was', async () => {
    await using alarm = createAlarm();
    const startTimeMs = performance.now();
    await alarm.waitUntil(startTimeMs - farMs);
    expect(performance.now() - startTimeMs).toBeLessThan(boundMs);
  });
});
