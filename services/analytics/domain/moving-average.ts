/** Moving averages over closes, oldest first. Prices are integers of scale 6 (millionths of a dollar); so are the results. */
import { mulDiv } from '#platform/money/rounding.ts';

/**
 * The simple moving average: the arithmetic mean of the last `length` closes, rounded half to even. Undefined while there are
 * fewer. Formula: NIST/SEMATECH e-Handbook of Statistical Methods, section 6.4.2.1, "single moving average".
 */
export function simpleMovingAverage(closes: readonly bigint[], length: number): bigint | undefined {
  if (closes.length < length) return undefined;
  return mulDiv(sumOf(closes.slice(-length)), 1n, BigInt(length), 'half-even');
}

/** How many closes an exponential average of this length takes in; what lies before weighs less than a millionth of it. */
export function exponentialWindow(length: number): number {
  return 8 * length;
}

/** Digits carried beyond scale 6, so that the roundings of single steps never reach the result. */
const guard = 10n ** 12n;

/**
 * The exponential moving average of the last `exponentialWindow(length)` closes, or of all where there are fewer: E = E' + (close - E')
 * x 2 / (length + 1), begun with the simple average of the first `length` of them. Steps and result are rounded half to even.
 * Undefined while there are fewer than `length`. Formula: NIST/SEMATECH e-Handbook of Statistical Methods, section 6.4.3.1, "single
 * exponential smoothing", with the customary smoothing constant 2 / (length + 1).
 */
export function exponentialMovingAverage(closes: readonly bigint[], length: number): bigint | undefined {
  if (closes.length < length) return undefined;
  const window = closes.slice(-exponentialWindow(length));
  let average = mulDiv(sumOf(window.slice(0, length)), guard, BigInt(length), 'half-even');
  const divisor = BigInt(length + 1);
  for (const close of window.slice(length)) {
    average += mulDiv(close * guard - average, 2n, divisor, 'half-even');
  }
  return mulDiv(average, 1n, guard, 'half-even');
}

function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
