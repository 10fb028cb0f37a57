/** Lots: what each purchase of an instrument has left, and from which of them a sale takes. */
import { mulDiv } from '#platform/money/rounding.ts';
import { InvalidEntryError } from './position.ts';

/** From which lots a sale takes first: the oldest, the newest, or those that cost most a share. */
export type LotMethod = 'fifo' | 'lifo' | 'hifo';

/** What is left of a purchase, or of several in one. Exact: millionths of a share and micros, fees included. */
export type Lot = {
  /** The ledger's sequence of the first purchase in it. */
  lotId: bigint;
  /** The order that bought it; empty for issued shares and for lots of several orders. */
  orderId: string;
  /** Unix milliseconds of the first and of the last purchase in it. */
  acquireTimeMs: number;
  lastAcquireTimeMs: number;
  /** Purchases in it, from 1. */
  purchases: bigint;
  /** What was bought; of merged lots, what was left of them by then. */
  quantityMicros: bigint;
  costMicros: bigint;
  /** What is left: above 0, and its cost, from 0. */
  leftQuantityMicros: bigint;
  leftCostMicros: bigint;
};

/** A lot of a symbol. */
export type OwnLot = Lot & { symbol: string };

/** What a sale took from one lot. */
export type LotPiece = Pick<Lot, 'lotId' | 'acquireTimeMs' | 'lastAcquireTimeMs'> & {
  quantityMicros: bigint;
  /** Its part of the proceeds after the fee. */
  proceedsMicros: bigint;
  costMicros: bigint;
  gainMicros: bigint;
};

/** A purchase or an issue. `timeMs` is in Unix milliseconds. */
export type Purchase = {
  sequence: bigint;
  orderId: string;
  timeMs: number;
  quantityMicros: bigint;
  costMicros: bigint;
};

/** Most open lots of one account in one instrument. */
export const lotsMax = 100;

const dayMs = 86_400_000;
const dayOf = (timeMs: number) => Math.floor(timeMs / dayMs);

/**
 * The lots, oldest first, with a purchase. Fills of one order on one day (UTC) are one lot while no other purchase lies between them; beyond
 * `lotsMax` the two oldest become one.
 */
export function addLot(
  lots: readonly Lot[],
  { sequence, orderId, timeMs, quantityMicros, costMicros }: Purchase,
): Lot[] {
  if (quantityMicros <= 0n || costMicros < 0n) throw new InvalidEntryError('shares came in at no quantity');
  const added: Lot = {
    lotId: sequence,
    orderId,
    acquireTimeMs: timeMs,
    lastAcquireTimeMs: timeMs,
    purchases: 1n,
    quantityMicros,
    costMicros,
    leftQuantityMicros: quantityMicros,
    leftCostMicros: costMicros,
  };
  const newest = lots.at(-1);
  const isOfOneOrder =
    orderId !== '' && newest?.orderId === orderId && dayOf(newest.lastAcquireTimeMs) === dayOf(timeMs);
  if (newest && isOfOneOrder) {
    const bought = {
      quantityMicros: newest.quantityMicros + quantityMicros,
      costMicros: newest.costMicros + costMicros,
    };
    return [...lots.slice(0, -1), { ...joined(newest, added), ...bought, orderId }];
  }
  const [oldest, second, ...others] = lots;
  if (lots.length < lotsMax || !oldest || !second) return [...lots, added];
  return [joined(oldest, second), ...others, added];
}

/** Two lots as one. What was bought counts from here on as what was left of both, so that the sums stay below what is owned. */
function joined(older: Lot, newer: Lot): Lot {
  const quantityMicros = older.leftQuantityMicros + newer.leftQuantityMicros;
  const costMicros = older.leftCostMicros + newer.leftCostMicros;
  return {
    lotId: older.lotId,
    orderId: '',
    acquireTimeMs: older.acquireTimeMs,
    lastAcquireTimeMs: newer.lastAcquireTimeMs,
    purchases: older.purchases + newer.purchases,
    quantityMicros,
    costMicros,
    leftQuantityMicros: quantityMicros,
    leftCostMicros: costMicros,
  };
}

/** A sale: what leaves, and what it brought after the fee. */
export type LotSale = { quantityMicros: bigint; proceedsMicros: bigint; method: LotMethod };

/**
 * Takes a sale from the lots. A part of a lot takes its part of the cost, rounded half to even, and the last part what is left of it; the
 * proceeds are shared by quantity, so that the pieces sum to them exactly. Throws InvalidEntryError for more than the lots have.
 */
export function takeFromLots(
  lots: readonly Lot[],
  { quantityMicros, proceedsMicros, method }: LotSale,
): { lots: Lot[]; pieces: LotPiece[] } {
  if (quantityMicros <= 0n) throw new InvalidEntryError('shares went out at no quantity');
  const changed = new Map<Lot, Lot | undefined>();
  const pieces: LotPiece[] = [];
  let [taken, shared] = [0n, 0n];
  for (const lot of inOrder(lots, method)) {
    if (taken === quantityMicros) break;
    const missing = quantityMicros - taken;
    const isWhole = lot.leftQuantityMicros <= missing;
    const part = isWhole ? lot.leftQuantityMicros : missing;
    const { rest, costMicros } = split(lot, part);
    changed.set(lot, rest);
    taken += part;
    const sharedBefore = shared;
    shared = mulDiv(proceedsMicros, taken, quantityMicros, 'half-even');
    const pieceProceeds = shared - sharedBefore;
    const { lotId, acquireTimeMs, lastAcquireTimeMs } = lot;
    const gain = { proceedsMicros: pieceProceeds, costMicros, gainMicros: pieceProceeds - costMicros };
    pieces.push({ lotId, acquireTimeMs, lastAcquireTimeMs, quantityMicros: part, ...gain });
  }
  if (taken < quantityMicros) throw new InvalidEntryError('more shares were sold than the lots have');
  const left = lots.flatMap((lot) => (changed.has(lot) ? (changed.get(lot) ?? []) : lot));
  return { lots: left, pieces };
}

function split(lot: Lot, part: bigint): { rest: Lot | undefined; costMicros: bigint } {
  const { leftQuantityMicros, leftCostMicros } = lot;
  if (part === leftQuantityMicros) return { rest: undefined, costMicros: leftCostMicros };
  const costMicros = mulDiv(leftCostMicros, part, leftQuantityMicros, 'half-even');
  const left = { leftQuantityMicros: leftQuantityMicros - part, leftCostMicros: leftCostMicros - costMicros };
  return { rest: { ...lot, ...left }, costMicros };
}

function inOrder(lots: readonly Lot[], method: LotMethod): readonly Lot[] {
  switch (method) {
    case 'fifo':
      return lots;
    case 'lifo':
      return lots.toReversed();
    case 'hifo':
      // Stable, so of two that cost alike the older one comes first.
      return lots.toSorted(byCostOfAShare);
    default:
      return method satisfies never;
  }
}

/** Compared crosswise: no quotient, so no rounding. */
function byCostOfAShare(one: Lot, other: Lot): number {
  const difference = other.leftCostMicros * one.leftQuantityMicros - one.leftCostMicros * other.leftQuantityMicros;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
