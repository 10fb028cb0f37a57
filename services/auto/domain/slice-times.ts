/** The times of the orders of a slice, and of the trades that they are measured by. Times are Unix ms. */

/** When a slice is worked. */
export type SliceTiming = { startMs: number; durationMs: number; orderCount: number };

/** A time from `fromMs` on and before `untilMs`, of which the market has candles of `candleMs`. */
export type CandleRange = { fromMs: number; untilMs: number; candleMs: number };

const dayMs = 24 * 3_600_000;
const minuteMs = 60_000;
/** Days before the start whose trades weight the orders of a VWAP: a weekday has five others among them. */
const historyDays = 7;
/** Candles that are read at once. */
const candlesMax = 900;
/** Where orders are farther apart than this, what was traded between them is counted by candles of a minute. */
const secondCandlesMaxMs = 15 * minuteMs;

/** The time of an order, whose number may be one before the first or one after the last. */
export function timeOf({ startMs, durationMs, orderCount }: SliceTiming, index: number): number {
  return startMs + Math.floor((index * durationMs) / orderCount);
}

/** When a slice ends: one interval after its last order. */
export function endOf({ startMs, durationMs }: SliceTiming): number {
  return startMs + durationMs;
}

/** The last order whose time has come; -1 before the first. */
export function latestDue({ startMs, durationMs, orderCount }: SliceTiming, nowMs: number): number {
  // The greatest whole number whose product, rounded down, is at most the time that has passed.
  const index = Math.ceil(((nowMs - startMs + 1) * orderCount) / durationMs) - 1;
  return Math.min(orderCount - 1, Math.max(-1, index));
}

/** The time between the last order that was handled and this one: that before the start, as long as an interval, for the first. */
export function rangeSince(timing: SliceTiming, handledIndex: number, index: number): CandleRange {
  const candleMs = timing.durationMs / timing.orderCount > secondCandlesMaxMs ? minuteMs : 1_000;
  const untilMs = floorTo(timeOf(timing, index), candleMs);
  const fromMs = Math.max(floorTo(timeOf(timing, handledIndex), candleMs), untilMs - candlesMax * candleMs);
  return { fromMs, untilMs, candleMs };
}

/** The same times of day as those of the slice in the days before, the latest first. */
export function daysBefore({ startMs, durationMs }: SliceTiming): (CandleRange & { agoMs: number })[] {
  const candleMs = Math.ceil(durationMs / minuteMs / candlesMax) * minuteMs;
  return Array.from({ length: historyDays }, (_, index) => {
    const agoMs = (index + 1) * dayMs;
    return {
      fromMs: floorTo(startMs - agoMs, candleMs),
      untilMs: startMs + durationMs - agoMs,
      candleMs,
      agoMs,
    };
  });
}

function floorTo(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs;
}
