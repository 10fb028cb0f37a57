/** The indicators that are offered. One more is one more entry, with its formula in a file of its own. */
import { exponentialMovingAverage, exponentialWindow, simpleMovingAverage } from './moving-average.ts';

/** A function of closes: a value of scale 6 for the newest of them. */
export type Indicator = {
  /** How many closes, the newest included, the value depends on. */
  windowOf(length: number): number;
  /** The value at the last close; undefined while there are too few. */
  valueAt(closes: readonly bigint[], length: number): bigint | undefined;
};

/** Names of the indicators. */
export type IndicatorName = 'sma' | 'ema';

/** All indicators. */
export const indicators: Record<IndicatorName, Indicator> = {
  sma: { windowOf: (length) => length, valueAt: simpleMovingAverage },
  ema: { windowOf: exponentialWindow, valueAt: exponentialMovingAverage },
};

/** Greatest length that can be asked for. */
export const lengthMax = 200;
/** Most values of one answer. */
export const pointCountMax = 100;
/** Closes that the longest window of the most values takes: what a series holds at most. */
export const closesMax =
  Math.max(...Object.values(indicators).map(({ windowOf }) => windowOf(lengthMax))) + pointCountMax;

/** The values at the last `count` closes, newest first; fewer where there are too few closes. */
export function newestValues(
  name: IndicatorName,
  closes: readonly bigint[],
  { length, count }: { length: number; count: number },
): { index: number; value: bigint }[] {
  const { windowOf, valueAt } = indicators[name];
  const values: { index: number; value: bigint }[] = [];
  for (let index = closes.length - 1; index >= 0 && values.length < count; index -= 1) {
    const window = closes.slice(Math.max(0, index + 1 - windowOf(length)), index + 1);
    const value = valueAt(window, length);
    if (value === undefined) break;
    values.push({ index, value });
  }
  return values;
}
