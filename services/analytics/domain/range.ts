/** Indicators of the range in which prices move. Values are integers with guard digits. */
import { mulDiv } from '#platform/money/rounding.ts';
import type { Bar } from './bar-series.ts';
import { endingAt, guard, type Line } from './line.ts';
import { simpleAverage, wilderAverage } from './moving-average.ts';

/**
 * The average true range: the Wilder average of the greatest distance between high, low and the close before. The first candle has none. Formula:
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), section "average true range".
 */
export function averageTrueRange(bars: readonly Bar[], length: number): Line {
  const ranges = bars.slice(1).map(({ high, low }, index) => {
    const before = bars[index]?.close ?? 0n;
    const [top, bottom] = [high > before ? high : before, low < before ? low : before];
    return (top - bottom) * guard;
  });
  return endingAt(bars.length, wilderAverage(ranges, length));
}

/**
 * The simple average of the last `length` closes, and the lines `widthTenths` tenths of their standard deviation (of a population) above and below.
 * Formula: J. Bollinger, Bollinger on Bollinger Bands (2002), chapter 7.
 */
export function bands(closes: readonly bigint[], length: number, widthTenths: number): [Line, Line, Line] {
  const middle = simpleAverage(closes, length);
  let [sum, squares] = [0n, 0n];
  const distances = closes.map((close, index) => {
    const leaving = closes[index - length] ?? 0n;
    sum += close - leaving;
    squares += close * close - leaving * leaving;
    const deviation = squareRoot(BigInt(length) * squares - sum * sum);
    return mulDiv(deviation, BigInt(widthTenths), 10n * BigInt(length), 'half-even');
  });
  const moved = (sign: bigint) =>
    middle.map((value, index) => (value === undefined ? undefined : value + sign * (distances[index] ?? 0n)));
  return [middle, moved(1n), moved(-1n)];
}

/** The whole part of the square root, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value < 0n ? 0n : value;
  let root = 1n << (BigInt(value.toString(16).length) * 2n + 1n);
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * The average price of the shares of the last `length` candles. A candle without an average price of its own counts by a third of high, low and
 * close together. Undefined while there are fewer candles, or no shares. Formula: S. Berkowitz, D. Logue, E. Noser, The Total Cost of
 * Transactions on the NYSE, Journal of Finance 43 (1988).
 */
export function volumeWeightedPrice(bars: readonly Bar[], length: number): Line {
  const worthOf = ({ averagePrice, high, low, close, volume }: Bar) =>
    averagePrice === undefined ? (high + low + close) * volume : averagePrice * volume * 3n;
  let [values, shares] = [0n, 0n];
  return bars.map((bar, index) => {
    const leaving = bars[index - length];
    values += worthOf(bar) - (leaving === undefined ? 0n : worthOf(leaving));
    shares += bar.volume - (leaving?.volume ?? 0n);
    return index < length - 1 || shares === 0n ? undefined : mulDiv(values, guard, shares * 3n, 'half-even');
  });
}
