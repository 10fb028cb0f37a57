import { describe, expect, it } from 'vitest';
import { Overload } from './overload.ts';

const limits = { burstMs: 1_000, standingMs: 250, strictMs: 5_000, notableMs: 50 };

function start() {
  const overload = new Overload(limits);
  return (oldestAgeMs: number, more: { queueMs?: number; workMs?: number; leftMs?: number; nowMs?: number } = {}) =>
    overload.refuses({ queueMs: 0, workMs: 0, leftMs: 10_000, nowMs: 0, ...more, oldestAgeMs });
}

describe('Overload', () => {
  it('bears a burst, and refuses when the queue is longer than that', () => {
    const refuses = start();
    expect(refuses(0)).toBe(false);
    expect(refuses(999)).toBe(false);
    expect(refuses(1_001)).toBe(true);
    expect(start()(60, { queueMs: 999 })).toBe(false);
    expect(start()(60, { queueMs: 1_001 })).toBe(true);
  });

  it('lets less wait while it goes on, and forgets it afterwards', () => {
    const refuses = start();
    refuses(1_001);
    expect(refuses(251, { nowMs: 4_000 })).toBe(true);
    expect(refuses(249, { nowMs: 4_100 })).toBe(false);
    expect(refuses(251, { nowMs: 8_900 })).toBe(true);
    expect(refuses(900, { nowMs: 13_901 })).toBe(false);
  });

  it('refuses an order that would not be done in its time', () => {
    const refuses = start();
    expect(refuses(81, { leftMs: 100 })).toBe(true);
    expect(refuses(79, { leftMs: 100 })).toBe(false);
    expect(refuses(60, { leftMs: 100, workMs: 21 })).toBe(true);
    expect(refuses(60, { leftMs: 100, queueMs: 70, workMs: 11 })).toBe(true);
  });

  it('takes nothing for load while the oldest has only just come', () => {
    expect(start()(49, { queueMs: 60_000, leftMs: 1 })).toBe(false);
  });
});
