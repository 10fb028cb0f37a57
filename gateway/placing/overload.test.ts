import { describe, expect, it } from 'vitest';
import { Overload } from './overload.ts';

const limits = { burstMs: 1_000, standingMs: 250, strictMs: 5_000, notableMs: 50 };
const leftMs = 10_000;

describe('Overload', () => {
  it('bears a burst, and refuses when the oldest has waited for longer than that', () => {
    const overload = new Overload(limits);
    expect(overload.refuses({ oldestAgeMs: 0, leftMs, nowMs: 0 })).toBe(false);
    expect(overload.refuses({ oldestAgeMs: 999, leftMs, nowMs: 999 })).toBe(false);
    expect(overload.refuses({ oldestAgeMs: 1_001, leftMs, nowMs: 1_001 })).toBe(true);
  });

  it('lets less wait while it goes on, and forgets it afterwards', () => {
    const overload = new Overload(limits);
    overload.refuses({ oldestAgeMs: 1_001, leftMs, nowMs: 0 });
    expect(overload.refuses({ oldestAgeMs: 251, leftMs, nowMs: 4_000 })).toBe(true);
    expect(overload.refuses({ oldestAgeMs: 249, leftMs, nowMs: 4_100 })).toBe(false);
    expect(overload.refuses({ oldestAgeMs: 251, leftMs, nowMs: 8_900 })).toBe(true);
    expect(overload.refuses({ oldestAgeMs: 900, leftMs, nowMs: 13_901 })).toBe(false);
  });

  it('refuses an order whose time would be over before its turn comes', () => {
    const overload = new Overload(limits);
    expect(overload.refuses({ oldestAgeMs: 101, leftMs: 100, nowMs: 0 })).toBe(true);
    expect(overload.refuses({ oldestAgeMs: 99, leftMs: 100, nowMs: 0 })).toBe(false);
    expect(overload.refuses({ oldestAgeMs: 49, leftMs: 1, nowMs: 0 })).toBe(false);
  });
});
