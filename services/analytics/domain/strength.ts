/** How strongly closes rise or fall. Values are integers with guard digits. */
import { mulDiv } from '#platform/money/rounding.ts';
import { endingAt, guard, type Line } from './line.ts';
import { exponentialAverage, wilderAverage } from './moving-average.ts';

const hundred = 100n * 10n ** 6n * guard;

/**
 * The relative strength index, 0 to 100: 100 x gains / (gains + losses), each the Wilder average of the changes of the closes in that direction;
 * 50 where neither moved. Formula: J. W. Wilder, New Concepts in Technical Trading Systems (1978), section "relative strength index", with RS
 * written out.
 */
export function relativeStrength(closes: readonly bigint[], length: number): Line {
  const changes = closes.slice(1).map((close, index) => close - (closes[index] ?? 0n));
  const gains = wilderAverage(changes.map(risesOf), length);
  const losses = wilderAverage(
    changes.map((change) => risesOf(-change)),
    length,
  );
  const line = gains.map((gain, index) => {
    const loss = losses[index];
    if (gain === undefined || loss === undefined) return undefined;
    return gain + loss <= 0n ? hundred / 2n : mulDiv(hundred, gain, gain + loss, 'half-even');
  });
  return endingAt(closes.length, line);
}

const risesOf = (change: bigint) => (change > 0n ? change : 0n);

/** Lengths of convergence and divergence: of the two averages, and of that of their difference. */
export type ConvergenceLengths = { fast: number; slow: number; signal: number };

/**
 * Convergence and divergence of averages: the exponential average of `fast` closes less that of `slow`, the exponential average of `signal` of
 * these, and the difference of both. Formula: G. Appel, Technical Analysis: Power Tools for Active Investors (2005), chapter 8.
 */
export function convergence(closes: readonly bigint[], { fast, slow, signal }: ConvergenceLengths): [Line, Line, Line] {
  const quick = exponentialAverage(closes, fast);
  const calm = exponentialAverage(closes, slow);
  const differences = calm.flatMap((value, index) => (value === undefined ? [] : [(quick[index] ?? 0n) - value]));
  const difference = endingAt(closes.length, differences);
  const average = endingAt(closes.length, exponentialAverage(differences, signal));
  const distance = average.map((value, index) => (value === undefined ? undefined : (difference[index] ?? 0n) - value));
  return [difference, average, distance];
}
