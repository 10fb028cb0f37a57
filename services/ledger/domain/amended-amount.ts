import type { AmendedTerms, Amendment } from './amendment.ts';
import { costOfRest, type Hold, type HoldProgress, type HoldTerms, heldAmount } from './hold.ts';

/**
 * What an order holds while it may be changed at any moment, in the smallest unit of its asset: enough for whatever trades before the change,
 * at the price of now, and for what is left after it, at the new one. A sell: the shares of the greater quantity.
 */
function amendedAmount(terms: HoldTerms, progress: HoldProgress, next: AmendedTerms): bigint {
  const restLots = terms.lots - progress.filledLots;
  if (restLots === 0n) return 0n;
  const nextLots = greater(next.lots - progress.filledLots, 0n);
  if (terms.side === 'sell') return greater(restLots, nextLots) * terms.lotMicros;
  return costOfRest(terms, progress, worstRest({ restLots, nextLots }, terms.priceTicks, next.priceTicks));
}

/** What the hold of an order has to hold: more than for its terms alone while a change is pending. */
export function neededAmount(terms: HoldTerms, progress: HoldProgress, amendment: Amendment | undefined): bigint {
  return amendment?.state === 'pending' ? amendedAmount(terms, progress, amendment) : heldAmount(terms, progress);
}

/** Ends what a hold has pending, so that it pays for its order alone. */
export function endAmendment(hold: Hold): void {
  const { amendment } = hold;
  if (amendment?.state === 'pending') hold.amendment = { ...amendment, state: 'ended' };
}

/**
 * The greatest lots times ticks of what is left of a buy. With `k` lots traded before the change that is `k` at the old price and the rest of the
 * new lots at the new one, which is greatest for the most `k` when the old price is the higher, else for none; or all at the old price.
 */
function worstRest(
  { restLots, nextLots }: { restLots: bigint; nextLots: bigint },
  priceTicks: bigint,
  nextPriceTicks: bigint,
): bigint {
  const before = priceTicks > nextPriceTicks ? lesser(restLots, nextLots) : 0n;
  const changed = before * priceTicks + (nextLots - before) * nextPriceTicks;
  return greater(restLots * priceTicks, changed);
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
