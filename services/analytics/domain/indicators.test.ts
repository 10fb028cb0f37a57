import { describe, expect, it } from 'vitest';
import type { Bar } from './bar-series.ts';
import { barsMax, type IndicatorName, type IndicatorTerms, indicators, newestLines } from './indicators.ts';

const names = Object.keys(indicators) as IndicatorName[];
const dollars = (value: number) => BigInt(Math.round(value * 1e6));

function bar(close: number, { high = close, low = close, volume = 1, averagePrice = close } = {}, startMs = 0): Bar {
  const [top, bottom, last, shares] = [high, low, close, volume].map(dollars) as [bigint, bigint, bigint, bigint];
  return {
    startMs,
    high: top,
    low: bottom,
    close: last,
    volume: shares,
    averagePrice: dollars(averagePrice),
    tradeCount: 1n,
  };
}

function termsOf(name: IndicatorName, changes: Partial<IndicatorTerms> = {}): IndicatorTerms {
  const { lengthMax: _, ...range } = indicators[name].range;
  return { name, ...range, ...changes };
}

/** Values of the newest candle, as numbers. */
function newest(bars: readonly Bar[], terms: IndicatorTerms): (number | undefined)[] {
  return newestLines(bars, terms, 1).map((line) => (line.at(-1) === undefined ? undefined : Number(line.at(-1)) / 1e6));
}

/** The same candles at each run: a walk by cents from 100 dollars. */
function walk(count: number): Bar[] {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  let price = 10_000;
  return Array.from({ length: count }, (_, index) => {
    price += next(201) - 100;
    const range = { high: (price + next(50)) / 100, low: (price - next(50)) / 100, volume: 1 + next(90) };
    return bar(price / 100, { ...range, averagePrice: price / 100 }, index);
  });
}

describe('newestLines', () => {
  it('has the averages of the last closes, oldest first', () => {
    const bars = [10, 20, 30, 40, 50].map((close) => bar(close));
    expect(newestLines(bars, termsOf('sma', { length: 2 }), 2)).toEqual([[35_000_000n, 45_000_000n]]);
    expect(newestLines(bars, termsOf('ema', { length: 4 }), 9)[0]?.map((value) => value !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('has the share of gains as relative strength', () => {
    // Gains 2 and 0, losses 0 and 1, then smoothed by a half: gains 0.5 + 1.5, losses 0.25.
    const closes = [10, 12, 11, 14].map((close) => bar(close));
    expect(newest(closes.slice(0, 3), termsOf('rsi', { length: 2 }))).toEqual([66.666667]);
    expect(newest(closes, termsOf('rsi', { length: 2 }))).toEqual([88.888889]);
    expect(
      newest(
        [10, 10, 10].map((close) => bar(close)),
        termsOf('rsi', { length: 2 }),
      ),
    ).toEqual([50]);
  });

  it('has the difference of averages, its average, and their distance', () => {
    // The closes less their averages of two, 3, 19/3 and 103/9: 1, 5/3 and 23/9; the average of these begins with 4/3 and is then 58/27.
    const closes = [2, 4, 8, 14].map((close) => bar(close));
    const terms = termsOf('macd', { fastLength: 1, length: 2, signalLength: 2 });
    expect(newest(closes.slice(0, 2), terms)).toEqual([1, undefined, undefined]);
    expect(newest(closes, terms)).toEqual([2.555556, 2.148148, 0.407407]);
  });

  it('has bands at so many standard deviations', () => {
    const closes = [2, 4, 4, 4, 5, 5, 7, 9].map((close) => bar(close));
    expect(newest(closes, termsOf('bollinger', { length: 8 }))).toEqual([5, 9, 1]);
    expect(newest(closes, termsOf('bollinger', { length: 8, widthTenths: 5 }))).toEqual([5, 6, 4]);
  });

  it('weighs prices by shares, and takes a third of high, low and close where an average price is not known', () => {
    const [first, second] = [bar(10, { volume: 3 }), bar(20, { volume: 1, high: 30, low: 10, averagePrice: 18 })];
    expect(newest([first, second], termsOf('vwap', { length: 2 }))).toEqual([12]);
    expect(newest([first, { ...second, averagePrice: undefined }], termsOf('vwap', { length: 2 }))).toEqual([12.5]);
    expect(newest([first, { ...second, volume: 0n }], termsOf('vwap', { length: 1 }))).toEqual([undefined]);
  });

  it('smooths the greatest distance between high, low and the close before', () => {
    // Ranges 5 (down to 8 from 13), 2 and then 6, smoothed by a half: 3.5, then 4.75.
    const bars = [bar(13), bar(9, { high: 10, low: 8 }), bar(9, { high: 10, low: 8 }), bar(15, { high: 15, low: 12 })];
    expect(newest(bars.slice(0, 3), termsOf('atr', { length: 2 }))).toEqual([3.5]);
    expect(newest(bars, termsOf('atr', { length: 2 }))).toEqual([4.75]);
  });

  it.each(names)('gives the same however many candles are before, and however many rows are asked for: %s', (name) => {
    const bars = walk(1_200);
    const whole = newestLines(bars, termsOf(name), 600);
    const few = newestLines(bars.slice(300), termsOf(name), 40);
    expect(whole[0]).toHaveLength(600);
    expect(whole.map((line) => line.slice(-40))).toEqual(few);
    for (let back = 0; back < 5; back += 1) {
      const one = newestLines(bars.slice(0, bars.length - back), termsOf(name), 1);
      expect(one.map(([value]) => value)).toEqual(whole.map((line) => line.at(-1 - back)));
    }
  });

  it('never needs more candles than a series holds', () => {
    expect(barsMax).toBe(16 * 100 + 1 + 600);
    for (const name of names) {
      const { range, windowOf } = indicators[name];
      expect(windowOf(termsOf(name, { length: range.lengthMax, signalLength: 50 })) + 600).toBeLessThanOrEqual(barsMax);
    }
  });
});

describe('newestLines beside floating point', () => {
  const bars = walk(1_000);
  const closes = bars.map(({ close }) => Number(close) / 1e6);
  const smoothedFrom = (values: number[], length: number, weight: number) => {
    let average = values.slice(0, length).reduce((sum, value) => sum + value, 0) / length;
    return values.slice(length).map((value) => {
      average += (value - average) * weight;
      return average;
    });
  };

  it('agrees on relative strength and true range', () => {
    const changes = closes.slice(1).map((close, index) => close - (closes[index] ?? 0));
    const of = (sign: number) =>
      smoothedFrom(
        changes.map((change) => Math.max(0, sign * change)),
        14,
        1 / 14,
      ).at(-1);
    const [gain, loss] = [of(1) ?? 0, of(-1) ?? 0];
    expect(newest(bars, termsOf('rsi'))[0]).toBeCloseTo((100 * gain) / (gain + loss), 3);
  });

  it('agrees on convergence', () => {
    const [fast, slow] = [smoothedFrom(closes, 12, 2 / 13).slice(14), smoothedFrom(closes, 26, 2 / 27)];
    const differences = slow.map((value, index) => (fast[index] ?? 0) - value);
    const signal = smoothedFrom(differences, 9, 0.2).at(-1) ?? 0;
    const difference = differences.at(-1) ?? 0;
    const [first, second, third] = newest(bars, termsOf('macd')) as [number, number, number];
    expect(first).toBeCloseTo(difference, 4);
    expect(second).toBeCloseTo(signal, 4);
    expect(third).toBeCloseTo(difference - signal, 4);
  });
});
