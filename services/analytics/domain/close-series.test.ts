import { describe, expect, it } from 'vitest';
import { type Close, putClose } from './close-series.ts';

function close(startMs: number, price: number, trades = 1): Close {
  return { startMs, close: BigInt(price), tradeCount: BigInt(trades) };
}

function putAll(added: Close[], lengthMax = 10): Close[] {
  const closes: Close[] = [];
  for (const each of added) putClose(closes, each, lengthMax);
  return closes;
}

describe('putClose', () => {
  it('keeps closes by time, in whatever order they come', () => {
    expect(putAll([close(3, 30), close(1, 10), close(2, 20)]).map(({ startMs }) => startMs)).toEqual([1, 2, 3]);
  });

  it('keeps the later form of a candle, whichever comes first', () => {
    const early = close(1, 10, 4);
    const late = close(1, 11, 5);
    expect(putAll([early, late])).toEqual([late]);
    expect(putAll([late, early])).toEqual([late]);
    expect(putClose([late], early, 10)).toBe(false);
  });

  it('forgets the oldest beyond its bound', () => {
    const closes = putAll(Array.from({ length: 30 }, (_, i) => close(i, i)));
    expect(closes).toHaveLength(10);
    expect(closes[0]?.startMs).toBe(20);
    expect(putClose(closes, close(5, 5), 10)).toBe(false);
  });
});
