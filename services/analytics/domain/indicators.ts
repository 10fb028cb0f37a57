/** The indicators that are offered. One more is one more entry, with its formula in a file of its own. */
import type { Bar } from './bar-series.ts';
import { guard, type Line, unguarded } from './line.ts';
import { exponentialAverage, exponentialWindow, simpleAverage, wilderWindow } from './moving-average.ts';
import { averageTrueRange, bands, volumeWeightedPrice } from './range.ts';
import { convergence, relativeStrength } from './strength.ts';

/** Names of the indicators. */
export type IndicatorName = 'sma' | 'ema' | 'rsi' | 'macd' | 'bollinger' | 'vwap' | 'atr';

/** An indicator with its lengths; those that it does not have are 0. */
export type IndicatorTerms = {
  name: IndicatorName;
  length: number;
  fastLength: number;
  signalLength: number;
  /** Distance of bands in tenths of the standard deviation. */
  widthTenths: number;
};

/** What can be chosen of an indicator: its greatest length, and what it has where nothing is said. */
export type IndicatorRange = Omit<IndicatorTerms, 'name'> & { lengthMax: number };

type Indicator = {
  range: IndicatorRange;
  /** How many candles, the newest included, a value depends on. */
  windowOf(terms: IndicatorTerms): number;
  /** Its lines over all candles, with guard digits. */
  linesOf(bars: readonly Bar[], terms: IndicatorTerms): readonly Line[];
};

const ofLength = (length: number, lengthMax: number) => ({
  length,
  lengthMax,
  fastLength: 0,
  signalLength: 0,
  widthTenths: 0,
});
const closesOf = (bars: readonly Bar[]) => bars.map(({ close }) => close * guard);

/** All indicators. */
export const indicators: Record<IndicatorName, Indicator> = {
  sma: {
    range: ofLength(20, 200),
    windowOf: ({ length }) => length,
    linesOf: (bars, { length }) => [simpleAverage(closesOf(bars), length)],
  },
  ema: {
    range: ofLength(20, 200),
    windowOf: ({ length }) => exponentialWindow(length),
    linesOf: (bars, { length }) => [exponentialAverage(closesOf(bars), length)],
  },
  rsi: {
    range: ofLength(14, 100),
    windowOf: ({ length }) => wilderWindow(length) + 1,
    linesOf: (bars, { length }) => [relativeStrength(closesOf(bars), length)],
  },
  macd: {
    range: { ...ofLength(26, 100), fastLength: 12, signalLength: 9 },
    windowOf: ({ length, signalLength }) => exponentialWindow(length) + exponentialWindow(signalLength) - 1,
    linesOf: (bars, { length, fastLength, signalLength }) =>
      convergence(closesOf(bars), { fast: fastLength, slow: length, signal: signalLength }),
  },
  bollinger: {
    range: { ...ofLength(20, 200), widthTenths: 20 },
    windowOf: ({ length }) => length,
    linesOf: (bars, { length, widthTenths }) => bands(closesOf(bars), length, widthTenths),
  },
  vwap: {
    range: ofLength(20, 200),
    windowOf: ({ length }) => length,
    linesOf: (bars, { length }) => [volumeWeightedPrice(bars, length)],
  },
  atr: {
    range: ofLength(14, 100),
    windowOf: ({ length }) => wilderWindow(length) + 1,
    linesOf: (bars, { length }) => [averageTrueRange(bars, length)],
  },
};

/** Greatest length of the average of MACD's difference, and greatest width of bands in tenths of the deviation. */
export const [signalLengthMax, widthTenthsMax] = [50, 50];
/** Most indicators of one answer. */
export const indicatorsMax = 3;
/** Most values of one answer about one indicator. */
export const pointCountMax = 100;
/** Most rows of one answer about several indicators. */
export const rowCountMax = 600;
/** Candles that the longest window of the most rows takes: what a series holds at most. */
export const barsMax =
  Math.max(
    ...Object.entries(indicators).map(([name, { range, windowOf }]) =>
      windowOf({
        ...range,
        name: name as IndicatorName,
        length: range.lengthMax,
        signalLength: range.signalLength && signalLengthMax,
      }),
    ),
  ) + rowCountMax;

/**
 * The lines at the last `count` candles, oldest first, integers of scale 6. They are computed from the windows of these candles alone, so that an
 * answer does not depend on how many there are before.
 */
export function newestLines(bars: readonly Bar[], terms: IndicatorTerms, count: number): Line[] {
  const { windowOf, linesOf } = indicators[terms.name];
  const needed = bars.slice(-(windowOf(terms) + count - 1));
  return linesOf(needed, terms).map((line) => line.slice(-count).map(unguarded));
}
