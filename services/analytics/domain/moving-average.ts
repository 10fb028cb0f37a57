/** Moving averages, oldest first. Values are integers with guard digits; so are the results. */
import { mulDiv } from '#platform/money/rounding.ts';
import type { Line } from './line.ts';
import { smoothed } from './smoothing.ts';

/**
 * The simple moving average at each value: the arithmetic mean of the last `length`. Undefined while there are fewer. Formula: NIST/SEMATECH
 * e-Handbook of Statistical Methods, section 6.4.2.1, "single moving average".
 */
export function simpleAverage(values: readonly bigint[], length: number): Line {
  let sum = 0n;
  return values.map((value, index) => {
    sum += value - (values[index - length] ?? 0n);
    return index < length - 1 ? undefined : mulDiv(sum, 1n, BigInt(length), 'half-even');
  });
}

/** How many values an exponential average of this length takes in; what lies before weighs less than a millionth of it. */
export function exponentialWindow(length: number): number {
  return 8 * length;
}

/**
 * The exponential moving average at each value: of the last `exponentialWindow(length)`, or of all where there are fewer, E = E' + (value - E')
 * x 2 / (length + 1), begun with the simple average of the first `length` of them. Undefined while there are fewer than `length`. Formula:
 * NIST/SEMATECH e-Handbook of Statistical Methods, section 6.4.3.1, "single exponential smoothing", with the customary smoothing constant
 * 2 / (length + 1).
 */
export function exponentialAverage(values: readonly bigint[], length: number): Line {
  return smoothed(values, { length, weight: [2, length + 1], window: exponentialWindow(length) });
}

/** How many values an average by Wilder takes in; what lies before weighs less than a millionth of it. */
export function wilderWindow(length: number): number {
  return 16 * length;
}

/**
 * The average by which Wilder smooths, at each value: as the exponential one, with weight 1 / length over the last `wilderWindow(length)`. Formula:
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), section "average true range".
 */
export function wilderAverage(values: readonly bigint[], length: number): Line {
  return smoothed(values, { length, weight: [1, length], window: wilderWindow(length) });
}
