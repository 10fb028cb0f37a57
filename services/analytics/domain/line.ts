/** A line of an indicator: its value at each candle. */
import { mulDiv } from '#platform/money/rounding.ts';

/** Values by place, oldest first; undefined where there are too few candles before. */
export type Line = readonly (bigint | undefined)[];

/** Digits carried beyond scale 6, so that the roundings of single steps never reach the result. */
export const guard = 10n ** 12n;

/** A value with these digits, rounded half to even to scale 6. */
export function unguarded(value: bigint | undefined): bigint | undefined {
  return value === undefined ? undefined : mulDiv(value, 1n, guard, 'half-even');
}

/** The line moved to the right, so that it ends where a longer one of `length` places does. */
export function endingAt(length: number, line: Line): Line {
  return [...Array<undefined>(length - line.length).fill(undefined), ...line];
}
