/** The mixes of the bench: of 100 commands 40 cross the spread, 10 are cancels, 5 are refused and 45 rest. */
import type { MixShares } from '../baseline/order-mix.ts';

/** What a phase sends. */
export type MixName = 'normal' | 'resting' | 'refused' | 'hot' | 'brackets';

// Crossing orders take about as many lots as resting ones leave after the cancels, so that books stay as deep as they are.
const normal: MixShares = { crossingOf100: 40, cancelsOf100: 10, refusedOf100: 5, crossingLotsMax: 9 };

/** The shares of each mix. */
export const mixShares: Record<MixName, MixShares> = {
  normal,
  /** Every order comes to rest. */
  resting: { ...normal, crossingOf100: 0, cancelsOf100: 0, refusedOf100: 0 },
  refused: { ...normal, crossingOf100: 34, cancelsOf100: 8, refusedOf100: 20 },
  // All of one account: its resting orders stand behind those of others, so that it never trades with itself. They are not filled
  // then, and more of them are cancelled: an account has at most 10,000.
  hot: { ...normal, cancelsOf100: 25, restingTicksMin: 10, throughTicks: 5 },
  // Only lists: 40 % of their entries cross.
  brackets: { ...normal, bracketsOf100: 100 },
};

/** A mix in words. */
export function describeMix(name: MixName): string {
  const { crossingOf100, cancelsOf100, refusedOf100, bracketsOf100 = 0 } = mixShares[name];
  if (bracketsOf100 === 100) return `brackets, ${crossingOf100} % of their entries crossing`;
  const resting = 100 - crossingOf100 - cancelsOf100 - refusedOf100;
  return `${resting} % resting, ${crossingOf100} % crossing, ${cancelsOf100} % cancels, ${refusedOf100} % refused`;
}
