/** What the house thinks a share is worth: a random walk that is drawn back to where it began. */
import type { Random } from './random.ts';

/** The walk of one instrument, in ticks. */
export type FairPrice = { ticks: number; readonly anchorTicks: number };

const basisPoints = 10_000;
// A step is at most this share of the price; two steps in three seconds make lively minutes and days of about 3 %.
const stepBpsMax = 2;
// Beyond this distance from the anchor every step goes back.
const reachBps = 1_500;

/** A walk that starts at `ticks` and is anchored at `anchorTicks`, both above 0. */
export function startFairPrice(ticks: number, anchorTicks: number): FairPrice {
  return { ticks, anchorTicks };
}

/** The next step. The way back is as much more likely as the walk is far out; the price stays within 15 % of the anchor. */
export function stepFairPrice(price: FairPrice, random: Random): FairPrice {
  const stepMax = Math.max(1, Math.floor((price.ticks * stepBpsMax) / basisPoints));
  const size = random.integer(0, stepMax);
  const reach = Math.max(1, Math.floor((price.anchorTicks * reachBps) / basisPoints));
  const distance = price.ticks - price.anchorTicks;
  // From reach in 2 * reach at the anchor, down to 0 at the edge.
  const upChances = Math.max(0, Math.min(2 * reach, reach - distance));
  const direction = random.chance(upChances, 2 * reach) ? 1 : -1;
  return { ...price, ticks: Math.max(1, price.ticks + direction * size) };
}
