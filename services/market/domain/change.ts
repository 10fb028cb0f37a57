import { mulDiv } from '#platform/money/rounding.ts';

/** How far `last` is from `reference` in hundredths of a percent, rounded half to even. `reference` is more than 0. */
export function changeBps(last: bigint, reference: bigint): bigint {
  return mulDiv(last - reference, 10_000n, reference, 'half-even');
}
