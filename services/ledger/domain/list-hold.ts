/** What the legs of a list hold. Its exits share one hold: a trade of one takes as many lots from the other. */
import { exitsCostMicros, type PricedLeg } from '#platform/money/exits-cost.ts';
import { greater, greatestOf, lesser } from '#platform/money/extremes.ts';
import type { Hold, HoldProgress, HoldTerms, ListRole } from './hold.ts';

/** A live leg, as far as its cost is concerned. */
export type LiveLeg = { terms: HoldTerms; progress: HoldProgress; comingLots: bigint };

/** Whether an order of this role is an exit. */
export function isExit(role: ListRole): boolean {
  return role !== 'entry';
}

/** The live leg of an open hold, while a change of it is on its way with the worse of both prices and quantities: no change is one of an exit's quantity. */
export function liveLeg({ terms, progress, leg, amendment }: Hold): LiveLeg {
  const live = { terms, progress, comingLots: leg?.comingLots ?? 0n };
  if (amendment?.state !== 'pending') return live;
  const priceTicks = (terms.side === 'buy' ? greater : lesser)(terms.priceTicks, amendment.priceTicks);
  const lots = leg && isExit(leg.role) ? terms.lots : greater(terms.lots, amendment.lots);
  return { ...live, terms: { ...terms, priceTicks, lots } };
}

/**
 * What the live exits of a list hold together, in the smallest unit of their asset. Exits that sell hold the shares of the larger one. Exits
 * that buy hold the cash that they can cost at most, beyond what their entry brings while it lives.
 */
export function exitsAmount(entry: LiveLeg | undefined, exits: readonly LiveLeg[]): bigint {
  const [first] = exits;
  if (first === undefined) return 0n;
  if (first.terms.side === 'buy') return exitsCostMicros(entry && pricedLeg(entry), exits.map(pricedLeg));
  return greatestOf(exits.map(openLotsOf)) * first.terms.lotMicros;
}

/** Lots that the leg may still trade, those that are coming to it among them. */
function openLotsOf({ terms, progress, comingLots }: LiveLeg): bigint {
  return terms.lots + comingLots - progress.filledLots;
}

function pricedLeg(leg: LiveLeg): PricedLeg {
  return { ...leg.terms, ...leg.progress, openLots: openLotsOf(leg) };
}
