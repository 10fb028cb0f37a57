/** Exponential smoothing over a window of fixed length, in one pass over all values. */
import { mulDiv } from '#platform/money/rounding.ts';
import type { Line } from './line.ts';

/** How values are smoothed. */
export type Smoothing = {
  /** Values whose mean the smoothing begins with. */
  length: number;
  /** What the newest value weighs, as a fraction. */
  weight: readonly [numerator: number, denominator: number];
  /** Values on which a result depends, the newest included; more than `length`. */
  window: number;
};

/** Scale of the weight with which the begin of a window counts at its end. */
const powerScale = 10n ** 30n;

/**
 * At each value the average E = E' + (value - E') x weight over the last `window` values, or over all where there are fewer, begun with the mean of
 * the first `length` of them; undefined before these. A result is the same wherever the values begin, if the window lies in them: with each step
 * the window's first value is taken out by the weight that it has left. The values carry guard digits, as the results do.
 */
export function smoothed(values: readonly bigint[], { length, weight, window }: Smoothing): Line {
  const [numerator, denominator] = weight.map(BigInt) as [bigint, bigint];
  const rest = denominator - numerator;
  const steps = window - length;
  const power = (powerScale * rest ** BigInt(steps)) / denominator ** BigInt(steps);
  const line: (bigint | undefined)[] = [];
  let sum = 0n;
  let average = 0n;
  // The average without what the mean at the begin of its window weighs; once the window is full.
  let own: bigint | undefined;
  const meanWeight = (sumOfBegin: bigint) => mulDiv(sumOfBegin, power, BigInt(length) * powerScale, 'half-even');
  const at = (index: number) => values[index] ?? 0n;
  for (let index = 0; index < values.length; index += 1) {
    const value = at(index);
    if (index < length) {
      sum += value;
      average = mulDiv(sum, 1n, BigInt(length), 'half-even');
    } else if (index < window) {
      average += mulDiv(value - average, numerator, denominator, 'half-even');
    } else {
      own ??= average - meanWeight(sum);
      const leaving = at(index - steps);
      own += mulDiv(value - own, numerator, denominator, 'half-even');
      own -= mulDiv(leaving * power, numerator, denominator * powerScale, 'half-even');
      sum += leaving - at(index - window);
      average = own + meanWeight(sum);
    }
    line.push(index < length - 1 ? undefined : average);
  }
  return line;
}
