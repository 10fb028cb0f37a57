/** What an account owns of one instrument, what it cost and what it earned. Average cost method; fees are part of cost and proceeds. */
import { mulDiv } from '#platform/money/rounding.ts';

/** Exact: millionths of a share and micros. */
export type Position = {
  /** Never negative: only owned shares are sold. */
  quantityMicros: bigint;
  /** Cost of the whole quantity, fees included; never negative, 0 when the quantity is. */
  costMicros: bigint;
  /** Sum of the gains of all sales; negative for a loss. */
  realizedMicros: bigint;
};

/** The result of one sale. */
export type Sale = { position: Position; costMicros: bigint; gainMicros: bigint };

/** An entry of the feed that the ledger cannot have booked. It must not be skipped, as later entries build on it. */
export class InvalidEntryError extends Error {
  override readonly name = 'InvalidEntryError';
}

/** A position before the first purchase. */
export const emptyPosition: Position = Object.freeze({ quantityMicros: 0n, costMicros: 0n, realizedMicros: 0n });

/** Adds bought or issued shares; `costMicros` includes the fee and is 0 for issued ones. */
export function addShares(position: Position, added: { quantityMicros: bigint; costMicros: bigint }): Position {
  if (added.quantityMicros <= 0n || added.costMicros < 0n) throw new InvalidEntryError('shares came in at no quantity');
  return {
    quantityMicros: position.quantityMicros + added.quantityMicros,
    costMicros: position.costMicros + added.costMicros,
    realizedMicros: position.realizedMicros,
  };
}

/**
 * Removes sold shares at the average cost, rounded half to even to `unitMicros`, default 1; the last share takes what is left of the cost with it, so nothing
 * is lost to rounding. `proceedsMicros` are after the fee. Throws InvalidEntryError for more than is owned.
 */
export function removeShares(
  position: Position,
  sold: { quantityMicros: bigint; proceedsMicros: bigint; unitMicros?: bigint },
): Sale {
  const { quantityMicros, proceedsMicros, unitMicros = 1n } = sold;
  if (quantityMicros <= 0n) throw new InvalidEntryError('shares went out at no quantity');
  if (quantityMicros > position.quantityMicros) throw new InvalidEntryError('more shares were sold than are owned');
  const isWhole = quantityMicros === position.quantityMicros;
  const costMicros = isWhole
    ? position.costMicros
    : mulDiv(position.costMicros, quantityMicros, position.quantityMicros * unitMicros, 'half-even') * unitMicros;
  const gainMicros = proceedsMicros - costMicros;
  return {
    position: {
      quantityMicros: position.quantityMicros - quantityMicros,
      costMicros: position.costMicros - costMicros,
      realizedMicros: position.realizedMicros + gainMicros,
    },
    costMicros,
    gainMicros,
  };
}

/**
 * Adds shares that a correction brings, at the cost that it states, or removes those that it takes with their part of the cost. Neither is a
 * gain or a loss. Throws InvalidEntryError for more than is owned.
 */
export function adjustShares(
  position: Position,
  { quantityMicros, costMicros }: { quantityMicros: bigint; costMicros: bigint },
): Position {
  if (quantityMicros > 0n) return addShares(position, { quantityMicros, costMicros });
  const taken = removeShares(position, { quantityMicros: -quantityMicros, proceedsMicros: 0n });
  return { ...taken.position, realizedMicros: position.realizedMicros };
}

const microsPerShare = 1_000_000n;

/** Cost of one share in millionths of the currency, rounded half to even; 0 when there is none. */
export function averageCostMicros({ quantityMicros, costMicros }: Omit<Position, 'realizedMicros'>): bigint {
  if (quantityMicros === 0n) return 0n;
  return mulDiv(costMicros, microsPerShare, quantityMicros, 'half-even');
}

/** Value of a quantity in micros at a price in millionths of the currency, rounded half to even. */
export function marketValueMicros(quantityMicros: bigint, priceMicros: bigint): bigint {
  return mulDiv(quantityMicros, priceMicros, microsPerShare, 'half-even');
}
