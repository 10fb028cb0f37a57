import { describe, expect, it } from 'vitest';
import { intervalMs } from './candle.ts';
import { multipleMax, nextStart } from './span.ts';

const noonMs = Date.UTC(2025, 2, 10, 12);

describe('nextStart', () => {
  it('counts weeks from Mondays, and hours and minutes from midnight where they make up a day', () => {
    expect(nextStart({ interval: '1d', multiple: 7 }, noonMs)).toBe(Date.UTC(2025, 2, 17));
    expect(nextStart({ interval: '1d', multiple: 7 }, Date.UTC(2025, 2, 10))).toBe(Date.UTC(2025, 2, 10));
    expect(nextStart({ interval: '1h', multiple: 4 }, noonMs + 1)).toBe(noonMs + 4 * intervalMs['1h']);
    expect(nextStart({ interval: '5m', multiple: 3 }, noonMs + 1)).toBe(noonMs + 15 * intervalMs['1m']);
  });

  it('is exact at the ends of time', () => {
    for (const timeMs of [-62_135_596_800_000, 253_402_300_800_000]) {
      const start = nextStart({ interval: '1s', multiple: 59 }, timeMs);
      expect(start).toBeGreaterThanOrEqual(timeMs);
      expect(start - timeMs).toBeLessThan(59_000);
    }
  });
});

describe('multipleMax', () => {
  it('makes no candle as long as one of the next length', () => {
    expect(multipleMax['1s'] * intervalMs['1s']).toBeLessThan(intervalMs['1m']);
    expect(multipleMax['1m'] * intervalMs['1m']).toBeLessThan(intervalMs['1h']);
    expect(multipleMax['5m'] * intervalMs['5m']).toBeLessThan(intervalMs['1h']);
    expect(multipleMax['1h'] * intervalMs['1h']).toBeLessThan(intervalMs['1d']);
  });
});
