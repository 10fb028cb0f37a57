/** What an account owns of one instrument, what it cost and what it earned. Average cost method; fees are part of cost and proceeds. */
import { mulDiv } from '#platform/money/rounding.ts';

/** Exact: millionths of a share and cents. */
export type Position = {
  /** Never negative: only owned shares are sold. */
  quantityMicros: bigint;
  /** Cost of the whole quantity, fees included; never negative, 0 when the quantity is. */
  costCents: bigint;
  /** Sum of the gains of all sales; negative for a loss. */
  realizedCents: bigint;
};

/** The result of one sale. */
export type Sale = { position: Position; costCents: bigint; gainCents: bigint };

/** An entry of the feed that the ledger cannot have booked. It must not be skipped, as later entries build on it. */
export class InvalidEntryError extends Error {
  override readonly name = 'InvalidEntryError';
}

/** A position before the first purchase. */
export const emptyPosition: Position = Object.freeze({ quantityMicros: 0n, costCents: 0n, realizedCents: 0n });

/** Adds bought or issued shares; `costCents` includes the fee and is 0 for issued ones. */
export function addShares(position: Position, added: { quantityMicros: bigint; costCents: bigint }): Position {
  if (added.quantityMicros <= 0n || added.costCents < 0n) throw new InvalidEntryError('shares came in at no quantity');
  return {
    quantityMicros: position.quantityMicros + added.quantityMicros,
    costCents: position.costCents + added.costCents,
    realizedCents: position.realizedCents,
  };
}

/**
 * Removes sold shares at the average cost, rounded half to even; the last share takes what is left of the cost with it, so nothing
 * is lost to rounding. `proceedsCents` are after the fee. Throws InvalidEntryError for more than is owned.
 */
export function removeShares(position: Position, sold: { quantityMicros: bigint; proceedsCents: bigint }): Sale {
  const { quantityMicros, proceedsCents } = sold;
  if (quantityMicros <= 0n) throw new InvalidEntryError('shares went out at no quantity');
  if (quantityMicros > position.quantityMicros) throw new InvalidEntryError('more shares were sold than are owned');
  const costCents = mulDiv(position.costCents, quantityMicros, position.quantityMicros, 'half-even');
  const gainCents = proceedsCents - costCents;
  return {
    position: {
      quantityMicros: position.quantityMicros - quantityMicros,
      costCents: position.costCents - costCents,
      realizedCents: position.realizedCents + gainCents,
    },
    costCents,
    gainCents,
  };
}

const microsPerShare = 1_000_000n;
const priceMicrosPerCent = 10_000n;

/** Cost of one share in millionths of the currency, rounded half to even; 0 when there is none. */
export function averageCostMicros({ quantityMicros, costCents }: Position): bigint {
  if (quantityMicros === 0n) return 0n;
  return mulDiv(costCents, priceMicrosPerCent * microsPerShare, quantityMicros, 'half-even');
}

/** Value of a quantity in cents at a price in millionths of the currency, rounded half to even. */
export function marketValueCents(quantityMicros: bigint, priceMicros: bigint): bigint {
  return mulDiv(quantityMicros, priceMicros, microsPerShare * priceMicrosPerCent, 'half-even');
}
