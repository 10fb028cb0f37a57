import { describe, expect, it } from 'vitest';
import { type Bar, putBar } from './bar-series.ts';

function bar(startMs: number, price: number, trades = 1): Bar {
  const close = BigInt(price);
  return { startMs, high: close, low: close, close, volume: 1n, averagePrice: close, tradeCount: BigInt(trades) };
}

function putAll(added: Bar[], lengthMax = 10): Bar[] {
  const bars: Bar[] = [];
  for (const each of added) putBar(bars, each, lengthMax);
  return bars;
}

describe('putBar', () => {
  it('keeps candles by time, in whatever order they come', () => {
    expect(putAll([bar(3, 30), bar(1, 10), bar(2, 20)]).map(({ startMs }) => startMs)).toEqual([1, 2, 3]);
  });

  it('keeps the later form of a candle, whichever comes first', () => {
    const early = bar(1, 10, 4);
    const late = bar(1, 11, 5);
    expect(putAll([early, late])).toEqual([late]);
    expect(putAll([late, early])).toEqual([late]);
    expect(putBar([late], early, 10)).toBe(false);
  });

  it('forgets the oldest beyond its bound', () => {
    const bars = putAll(Array.from({ length: 30 }, (_, i) => bar(i, i)));
    expect(bars).toHaveLength(10);
    expect(bars[0]?.startMs).toBe(20);
    expect(putBar(bars, bar(5, 5), 10)).toBe(false);
  });
});
