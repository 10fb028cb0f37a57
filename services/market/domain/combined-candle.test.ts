import { describe, expect, it } from 'vitest';
import { type Candle, candlesOf, intervalMs } from './candle.ts';
import { combineCandles, multipleMax, nextStart } from './combined-candle.ts';

const noonMs = Date.UTC(2025, 2, 10, 12);
const minuteMs = intervalMs['1m'];

/** A trade a minute from noon on, each of another price, as candles of a minute. */
function minutes(count: number, symbol = 'ACME'): Candle[] {
  const trades = Array.from({ length: count }, (_, minute) => ({
    symbol,
    sequence: BigInt(minute + 1),
    timeMs: noonMs + minute * minuteMs,
    priceTicks: BigInt(100 + ((minute * 7) % 13)),
    quantityLots: BigInt(1 + (minute % 3)),
  }));
  return candlesOf(trades).filter(({ interval }) => interval === '1m');
}

describe('combineCandles', () => {
  const span = { interval: '1m' as const, multiple: 15 };

  it('has the open, high, low, close and sums of its intervals, in either order', () => {
    const candles = minutes(31);
    const combined = combineCandles(candles, span, true);
    expect(combined.map(({ startMs, tradeCount }) => [(startMs - noonMs) / minuteMs, tradeCount])).toEqual([
      [0, 15n],
      [15, 15n],
      [30, 1n],
    ]);
    const first = candles.slice(0, 15);
    const sum = (field: 'volumeLots' | 'turnover' | 'pricedLots') => first.reduce((all, one) => all + one[field], 0n);
    expect(combined[0]).toMatchObject({
      open: candles[0]?.open,
      close: candles[14]?.close,
      high: 112n,
      low: 100n,
      volumeLots: sum('volumeLots'),
      turnover: sum('turnover'),
      pricedLots: sum('pricedLots'),
    });
    const values = (list: Candle[]) => list.map(({ sequence: _, ...rest }) => rest);
    expect(values(combineCandles(candles.toReversed(), span, false))).toEqual(values(combined.toReversed()));
  });

  it('combines no two symbols, and leaves candles of one interval as they are', () => {
    const candles = [...minutes(3), ...minutes(2, 'BOLT')];
    expect(combineCandles(candles, span, true).map(({ symbol }) => symbol)).toEqual(['ACME', 'BOLT']);
    expect(combineCandles(candles, { ...span, multiple: 1 }, true)).toEqual(candles);
  });
});

describe('nextStart', () => {
  it('counts weeks from Mondays, and hours and minutes from midnight where they make up a day', () => {
    expect(nextStart({ interval: '1d', multiple: 7 }, noonMs)).toBe(Date.UTC(2025, 2, 17));
    expect(nextStart({ interval: '1d', multiple: 7 }, Date.UTC(2025, 2, 10))).toBe(Date.UTC(2025, 2, 10));
    expect(nextStart({ interval: '1h', multiple: 4 }, noonMs + 1)).toBe(noonMs + 4 * intervalMs['1h']);
    expect(nextStart({ interval: '5m', multiple: 3 }, noonMs + 1)).toBe(noonMs + 15 * minuteMs);
  });

  it('is exact at the ends of time', () => {
    for (const timeMs of [-62_135_596_800_000, 253_402_300_800_000]) {
      const start = nextStart({ interval: '1s', multiple: 59 }, timeMs);
      expect(start).toBeGreaterThanOrEqual(timeMs);
      expect(start - timeMs).toBeLessThan(59_000);
    }
  });
});

it('no combined candle is as long as the next length', () => {
  expect(Object.values(multipleMax).every((most) => most > 0)).toBe(true);
  expect(multipleMax['1m'] * minuteMs).toBeLessThan(intervalMs['1h']);
  expect(multipleMax['1h'] * intervalMs['1h']).toBeLessThan(intervalMs['1d']);
});
