/** Towards minus infinity, towards plus infinity, or to the nearest with ties to the even neighbour. */
export type Rounding = 'floor' | 'ceil' | 'half-even';

/** `a * b / divisor`, exact but for the one rounding at the end. Throws RangeError for a divisor of zero. */
export function mulDiv(a: bigint, b: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (divisor === 0n) throw new RangeError('division by zero');
  const numerator = divisor < 0n ? -a * b : a * b;
  const denominator = divisor < 0n ? -divisor : divisor;
  const truncated = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return truncated;
  // BigInt division truncates, so the floor of a negative quotient lies one below.
  const floor = remainder < 0n ? truncated - 1n : truncated;
  switch (rounding) {
    case 'floor':
      return floor;
    case 'ceil':
      return floor + 1n;
    case 'half-even':
      return roundHalfEven(floor, numerator - floor * denominator, denominator);
  }
}

function roundHalfEven(floor: bigint, aboveFloor: bigint, denominator: bigint): bigint {
  const twice = aboveFloor * 2n;
  if (twice === denominator) return floor % 2n === 0n ? floor : floor + 1n;
  return twice < denominator ? floor : floor + 1n;
}
