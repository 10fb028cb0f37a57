/**
 * The price and volume that an auction would have at the moment, by rule R23 of the exchange's rulebook over the public book. Lots that icebergs
 * hide take part in the auction and are not in it, so the auction itself may trade more.
 */
import type { Level } from './book-side.ts';

/** What an auction would trade; `surplusLots` is what is bid at the price beyond what is asked, negative: asked beyond bid. */
export type IndicativeAuction = { priceTicks: bigint; quantityLots: bigint; surplusLots: bigint };

/** Ticks from `lowest` to `highest` at which equal lots are bid and equal lots are asked. */
type Range = { lowest: bigint; highest: bigint; bidLots: bigint; askedLots: bigint };

/**
 * Finds the auction of a book whose levels come best first; undefined when the best bid is below the best ask. `referenceTicks` is the price of the
 * last trade or of the listing; 0: none.
 */
export function indicativeAuction(
  bids: readonly Level[],
  asks: readonly Level[],
  referenceTicks: bigint,
): IndicativeAuction | undefined {
  const [bestBid, bestAsk] = [bids[0]?.priceTicks ?? 0n, asks[0]?.priceTicks ?? 0n];
  if (bids.length === 0 || asks.length === 0 || bestBid < bestAsk) return undefined;
  const best = bestRanges(rangesBetween(bids, asks, { bestBid, bestAsk }));
  const [first, last] = [best[0] as Range, best.at(-1) as Range];
  const priceTicks = choosePrice(best, { lowest: first.lowest, highest: last.highest, referenceTicks });
  const at = best.find(({ lowest, highest }) => lowest <= priceTicks && priceTicks <= highest) ?? first;
  return { priceTicks, quantityLots: volumeOf(at), surplusLots: at.bidLots - at.askedLots };
}

/** All ticks from the best ask to the best bid, in rising ranges: each level by itself, and what lies between two levels. */
function rangesBetween(
  bids: readonly Level[],
  asks: readonly Level[],
  { bestBid, bestAsk }: { bestBid: bigint; bestAsk: bigint },
): Range[] {
  const crossedBids = bids.filter(({ priceTicks }) => priceTicks >= bestAsk);
  const crossedAsks = asks.filter(({ priceTicks }) => priceTicks <= bestBid);
  const prices = new Set([...crossedBids, ...crossedAsks].map(({ priceTicks }) => priceTicks).concat(bestBid, bestAsk));
  const sorted = [...prices].sort((a, b) => (a < b ? -1 : 1));
  let bidLots = crossedBids.reduce((sum, { quantityLots }) => sum + quantityLots, 0n);
  let askedLots = 0n;
  const [lotsBid, lotsAsked] = [lotsByPrice(crossedBids), lotsByPrice(crossedAsks)];
  return sorted.flatMap((priceTicks, index) => {
    askedLots += lotsAsked.get(priceTicks) ?? 0n;
    const at = { lowest: priceTicks, highest: priceTicks, bidLots, askedLots };
    bidLots -= lotsBid.get(priceTicks) ?? 0n;
    const next = sorted[index + 1] ?? priceTicks + 1n;
    return next === priceTicks + 1n ? [at] : [at, { lowest: priceTicks + 1n, highest: next - 1n, bidLots, askedLots }];
  });
}

function lotsByPrice(levels: readonly Level[]): Map<bigint, bigint> {
  return new Map(levels.map(({ priceTicks, quantityLots }) => [priceTicks, quantityLots]));
}

/** The ranges of the greatest volume and, of these, the least imbalance. They lie side by side, as the surplus only falls. */
function bestRanges(ranges: readonly Range[]): Range[] {
  const best = ranges.reduce((found, range) => (isBetter(range, found) ? range : found));
  return ranges.filter((range) => !isBetter(best, range));
}

function isBetter(a: Range, b: Range): boolean {
  const [volumeA, volumeB] = [volumeOf(a), volumeOf(b)];
  return volumeA > volumeB || (volumeA === volumeB && imbalanceOf(a) < imbalanceOf(b));
}

function choosePrice(
  best: readonly Range[],
  { lowest, highest, referenceTicks }: { lowest: bigint; highest: bigint; referenceTicks: bigint },
): bigint {
  if (best.every(({ bidLots, askedLots }) => bidLots > askedLots)) return highest;
  if (best.every(({ bidLots, askedLots }) => bidLots < askedLots)) return lowest;
  if (referenceTicks === 0n) return (lowest + highest) / 2n;
  if (referenceTicks < lowest) return lowest;
  return referenceTicks > highest ? highest : referenceTicks;
}

function volumeOf({ bidLots, askedLots }: Range): bigint {
  return bidLots < askedLots ? bidLots : askedLots;
}

function imbalanceOf({ bidLots, askedLots }: Range): bigint {
  return bidLots < askedLots ? askedLots - bidLots : bidLots - askedLots;
}
