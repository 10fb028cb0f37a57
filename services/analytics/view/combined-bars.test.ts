import { describe, expect, it } from 'vitest';
import type { Bar } from '../domain/bar-series.ts';
import { createBarCombiner } from './combined-bars.ts';

const minute = 60_000;
const quarter = { intervalMs: minute, multiple: 15 };

function bar(minutes: number, price: bigint, tradeCount = 1n): Bar {
  return {
    startMs: minutes * minute,
    high: price + 1n,
    low: price - 1n,
    close: price,
    volume: 10n,
    averagePrice: price,
    tradeCount,
  };
}

describe('createBarCombiner', () => {
  it('is each candle itself where a candle covers one interval', () => {
    const combine = createBarCombiner({ ...quarter, multiple: 1 });
    const one = bar(3, 100n);
    expect(combine(one)).toBe(one);
  });

  it('makes a candle of the forms of its parts that came last, by quarters of an hour', () => {
    const combine = createBarCombiner(quarter);
    combine(bar(14, 90n));
    combine(bar(15, 100n));
    combine(bar(16, 110n));
    expect(combine(bar(16, 130n, 3n))).toEqual({
      startMs: 15 * minute,
      high: 131n,
      low: 99n,
      close: 130n,
      volume: 20n,
      averagePrice: 115n,
      tradeCount: 4n,
    });
    expect(combine(bar(14, 95n, 2n))).toMatchObject({ startMs: 0, close: 95n, tradeCount: 2n });
  });

  it('knows no average price where a part has none', () => {
    const combine = createBarCombiner(quarter);
    combine({ ...bar(0, 100n), averagePrice: undefined });
    expect(combine(bar(1, 110n)).averagePrice).toBeUndefined();
  });
});
