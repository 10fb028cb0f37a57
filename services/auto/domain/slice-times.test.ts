import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBefore, latestDue, rangeSince, type SliceTiming, timeOf } from './slice-times.ts';

const dayMs = 24 * 3_600_000;
const hour: SliceTiming = { startMs: Date.parse('2026-03-02T14:30:00.400Z'), durationMs: 3_600_000, orderCount: 60 };
const timings: fc.Arbitrary<SliceTiming> = fc
  .record({
    startMs: fc.integer({ min: 0, max: 1e13 }),
    durationMs: fc.integer({ min: 2_000, max: dayMs }),
    orderCount: fc.integer({ min: 2, max: 500 }),
  })
  .filter(({ durationMs, orderCount }) => durationMs >= orderCount * 1_000);

describe('latestDue', () => {
  it('is the last order whose time has come', () => {
    fc.assert(
      fc.property(timings, fc.integer({ min: -10_000, max: dayMs + 10_000 }), (timing, sinceMs) => {
        const nowMs = timing.startMs + sinceMs;
        const index = latestDue(timing, nowMs);
        expect(index).toBeGreaterThanOrEqual(-1);
        expect(index).toBeLessThan(timing.orderCount);
        if (index >= 0) expect(timeOf(timing, index)).toBeLessThanOrEqual(nowMs);
        if (index < timing.orderCount - 1) expect(timeOf(timing, index + 1)).toBeGreaterThan(nowMs);
      }),
    );
  });

  it('has the first at the start, and the last an interval before the end', () => {
    expect(latestDue(hour, hour.startMs - 1)).toBe(-1);
    expect(latestDue(hour, hour.startMs)).toBe(0);
    expect(latestDue(hour, hour.startMs + 59 * 60_000)).toBe(59);
    expect(latestDue(hour, hour.startMs + 59 * 60_000 - 1)).toBe(58);
  });
});

describe('rangeSince', () => {
  it('leaves no time out and counts none twice, from one order to the next', () => {
    fc.assert(
      fc.property(timings, fc.integer({ min: 0, max: 498 }), (timing, seed) => {
        const index = seed % (timing.orderCount - 1);
        const [first, second] = [rangeSince(timing, index - 1, index), rangeSince(timing, index, index + 1)];
        expect(second.candleMs).toBe(first.candleMs);
        expect(second.fromMs).toBe(first.untilMs);
        expect(first.untilMs).toBeLessThanOrEqual(timeOf(timing, index));
        expect((second.untilMs - second.fromMs) / second.candleMs).toBeLessThanOrEqual(901);
      }),
    );
  });

  it('looks back as far as an interval for the first order, and at 900 candles at most', () => {
    const startMs = Date.parse('2026-03-02T14:30:00Z');
    expect(rangeSince(hour, -1, 0)).toEqual({ fromMs: startMs - 60_000, untilMs: startMs, candleMs: 1_000 });
    expect(rangeSince(hour, -1, 40).fromMs).toBe(startMs + 40 * 60_000 - 900_000);
    expect(rangeSince({ ...hour, orderCount: 2 }, 0, 1).candleMs).toBe(60_000);
  });
});

describe('daysBefore', () => {
  it('has the same times of 7 days, in candles that one page has room for', () => {
    const days = daysBefore(hour);
    expect(days).toHaveLength(7);
    expect(days[6]).toEqual({
      fromMs: Date.parse('2026-02-23T14:30:00Z'),
      untilMs: hour.startMs + 3_600_000 - 7 * dayMs,
      candleMs: 60_000,
      agoMs: 7 * dayMs,
    });
    const [yesterday] = daysBefore({ ...hour, durationMs: dayMs });
    expect(yesterday?.candleMs).toBe(120_000);
  });
});
