import { describe, expect, it } from 'vitest';
import { addressLimit, afterTry, type GuessLimit, type GuessState, pairLimit, waitMsOf } from './guess-limit.ts';

const limit: GuessLimit = [
  { size: 3, drainMs: 1_000 },
  { size: 5, drainMs: 60_000 },
];

/** Tries as soon as each may be looked at; the times at which they were. */
function tryAtOnce(tried: GuessLimit, count: number): number[] {
  const times: number[] = [];
  let state: GuessState | undefined;
  let nowMs = 0;
  for (let index = 0; index < count; index += 1) {
    nowMs += waitMsOf(tried, state, nowMs);
    state = afterTry(tried, state, nowMs);
    times.push(nowMs);
  }
  return times;
}

describe('waitMsOf', () => {
  it('lets a full bucket of tries through at once, then one each drain of the short and later of the long bucket', () => {
    expect(tryAtOnce(limit, 7)).toEqual([0, 0, 0, 1_000, 2_000, 60_000, 120_000]);
  });

  it('forgets what has drained', () => {
    const state = afterTry(limit, afterTry(limit, undefined, 0), 0);
    expect(waitMsOf(limit, state, 0)).toBe(0);
    expect(afterTry(limit, state, 1_000_000)).toEqual([1_001_000, 1_060_000]);
  });

  it('never makes the first to ask wait longer than one drain', () => {
    for (const each of [pairLimit, addressLimit]) {
      const times = tryAtOnce(each, 1_000);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(each[1].drainMs);
    }
  });

  it('holds guesses from one place to the numbers in the README', () => {
    const within = (each: GuessLimit, spanMs: number) => tryAtOnce(each, 20_000).filter((time) => time < spanMs).length;
    const dayMs = 24 * 3_600_000;
    expect(within(pairLimit, 1)).toBe(10);
    expect(within(pairLimit, dayMs)).toBe(2_979);
    expect(within(addressLimit, 1)).toBe(50);
    expect(within(addressLimit, dayMs)).toBe(9_139);
  });
});
