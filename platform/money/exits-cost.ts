/** The greatest cost of the exits of a list that buy: the one computation for holds, previews and audits. */
import { greatestOf } from './extremes.ts';
import {
  bpsPerUnit,
  cumulativeFeeMicros,
  type FeeTerms,
  type FilledValue,
  feeUnitMicros,
  filledFeeParts,
  greatestBps,
  greatestFeeMicros,
} from './fees.ts';
import { mulDiv } from './rounding.ts';

/** A live order of a list: what it has traded, and what it may still trade at its worst price. */
export type PricedLeg = FeeTerms & FilledValue & { priceTicks: bigint; openLots: bigint };

/**
 * What live exits that buy can cost together, in micros, fees included; without exits 0. A trade of one takes as many lots from the other, so the
 * lots count once, at the worse price. While their entry lives, which sells, it is what they can cost beyond the least that the entry brings for
 * the lots that it may still sell. A trade of an exit lowers it by at least what it costs, and one of the entry raises it by no more than it brings:
 * so what was held for it once suffices to the end.
 */
export function exitsCostMicros(entry: PricedLeg | undefined, exits: readonly PricedLeg[]): bigint {
  if (exits.length === 0) return 0n;
  const merged = mergeExits(exits);
  return entry === undefined ? costAlone(merged) : costBesideSale(entry, merged);
}

/** Both exits as one order: with the more lots and the worse price of the two, and the trades of both. */
type MergedExits = {
  leg: PricedLeg;
  chargedMicros: bigint;
  /** What rounding the fees of two orders may cost more than rounding those of one. */
  roundingMicros: bigint;
};

function mergeExits(exits: readonly PricedLeg[]): MergedExits {
  const [first] = exits as [PricedLeg, ...PricedLeg[]];
  const sum = (read: (leg: PricedLeg) => bigint) => exits.reduce((total, leg) => total + read(leg), 0n);
  const leg = {
    ...first,
    priceTicks: greatestOf(exits.map(({ priceTicks }) => priceTicks)),
    openLots: greatestOf(exits.map(({ openLots }) => openLots)),
    makerValueMicros: sum(({ makerValueMicros }) => makerValueMicros),
    takerValueMicros: sum(({ takerValueMicros }) => takerValueMicros),
  };
  return {
    leg,
    chargedMicros: sum((each) => cumulativeFeeMicros(each, 'buy', each)),
    roundingMicros: exits.length > 1 ? roundingUnit(first) : 0n,
  };
}

function costAlone({ leg, chargedMicros, roundingMicros }: MergedExits): bigint {
  if (leg.openLots === 0n) return 0n;
  const restMicros = leg.openLots * lotMicros(leg);
  return restMicros + greatestFeeMicros(leg, 'buy', leg, restMicros) - chargedMicros + roundingMicros;
}

/** In ten-thousandths of a micro: exact fees, with a whole unit for the rounding of each side, so that no rounding of a trade makes it greater. */
function costBesideSale(entry: PricedLeg, { leg, chargedMicros, roundingMicros }: MergedExits): bigint {
  const unit = roundingUnit(leg);
  const lotParts = lotMicros(leg) * (bpsPerUnit + greatestBps(leg));
  const lotShortParts = lotParts - lotMicros(entry) * (bpsPerUnit - greatestBps(entry));
  const exitParts =
    leg.openLots * lotParts + filledFeeParts(leg, leg) + (unit + roundingMicros - chargedMicros) * bpsPerUnit;
  const charged = cumulativeFeeMicros(entry, 'sell', entry);
  const entryParts = filledFeeParts(entry, entry) + (unit - charged) * bpsPerUnit;
  const shortParts = lotShortParts > 0n ? entry.openLots * lotShortParts : 0n;
  return mulDiv(exitParts + entryParts + shortParts, 1n, bpsPerUnit, 'ceil');
}

function lotMicros({ priceTicks, tickLotMicros }: PricedLeg): bigint {
  return priceTicks * tickLotMicros;
}

/** The unit to which fees are rounded up; 0 where there are none. */
function roundingUnit(terms: FeeTerms): bigint {
  return greatestBps(terms) === 0n ? 0n : feeUnitMicros(terms);
}
