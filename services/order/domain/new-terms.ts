/** The terms that a change leads to. */
export type NewTerms = {
  quantityLots: bigint;
  /** The worst price at which it may trade. */
  priceTicks: bigint;
  /** Undefined: no change. */
  stopTicks: bigint | undefined;
};
