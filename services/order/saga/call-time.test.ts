import { describe, expect, it } from 'vitest';
import { fixedClock } from '#platform/clock/clock.ts';
import { elapsedSince } from '#platform/clock/clock-runs.ts';
import { defaultLimits } from '../config.ts';
import { sendUntilMs } from './call-time.ts';

const machineMs = Date.parse('2026-11-29T12:00Z');
const pastMs = Date.parse('2026-03-06T14:30Z');

describe('sendUntilMs', () => {
  it('counts the age of an order in real time, also on a past day of the market and while its clock stands still', () => {
    const nowMs = () => machineMs;
    const untilMs = machineMs + defaultLimits.immediateAgeMaxMs;
    const plain = { nowMs, clock: fixedClock(nowMs), limits: defaultLimits };
    expect(sendUntilMs(plain, { createTimeMs: machineMs - 1_200 })).toBe(untilMs - 1_200);
    for (const [speed, createTimeMs, ageMs] of [
      [1, pastMs - 1_200, 1_200],
      [1_000, pastMs - 1_200_000, 1_200],
      [0, pastMs, 0],
    ] as const) {
      const run = { fromMs: machineMs - 10_000, timeMs: pastMs - 10_000 * speed, speed };
      const clock = { ...plain.clock, ageMs: (timeMs: number) => elapsedSince([run], timeMs, machineMs) };
      expect(sendUntilMs({ ...plain, clock }, { createTimeMs })).toBe(untilMs - ageMs);
    }
  });
});
