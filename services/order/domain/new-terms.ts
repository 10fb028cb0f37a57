import type { SpecialTerms } from './special-terms.ts';

/** The terms that a change leads to. */
export type NewTerms = {
  quantityLots: bigint;
  /** The worst price at which it may trade. */
  priceTicks: bigint;
  /** Undefined: no change. */
  stopTicks: bigint | undefined;
  /** A trail, in ticks or in basis points, or a time; undefined: no change of these. */
  specials?: ChangedSpecials;
};

/** What a change may name of the terms that only some kinds of order have, beside the stop price. */
export type ChangedSpecials = Pick<SpecialTerms, 'trailTicks' | 'trailBps' | 'expireTimeMs'>;
