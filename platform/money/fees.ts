/** Trading fees: the one computation for holds, charges, reports and audits. */
import { microsPerCent } from './decimal.ts';
import { mulDiv } from './rounding.ts';

/** A share of an order's value by the role it trades in, in basis points: 0 to `feeBpsMax` each. */
export type FeePlan = { makerBps: number; takerBps: number };

/** A plan and the micros of one tick of one lot of what is traded, on which the unit of fees depends. */
export type FeeTerms = FeePlan & { tickLotMicros: bigint };

/** What an order has traded so far, in micros, by the role that it had. */
export type FilledValue = { makerValueMicros: bigint; takerValueMicros: bigint };

/** Greatest basis points of a plan; at 10 % a fee never exceeds the value of the fill that it is charged for. */
export const feeBpsMax = 1_000;

/** Basis points of a whole. */
export const bpsPerUnit = 10_000n;

/**
 * The whole fee of an order so far, in micros: rounded up once, to its unit, on the cumulative value, so that an order filled in many parts
 * pays what it would have paid in one. A seller's fee is never more than the sale brought in.
 */
export function cumulativeFeeMicros(terms: FeeTerms, side: 'buy' | 'sell', filled: FilledValue): bigint {
  return greatestFeeMicros(terms, side, filled, 0n);
}

/** The fee when `restMicros` more trades at the dearer role of its plan: no continuation of the order costs more. */
export function greatestFeeMicros(
  terms: FeeTerms,
  side: 'buy' | 'sell',
  filled: FilledValue,
  restMicros: bigint,
): bigint {
  const weighted = filledFeeParts(terms, filled) + restMicros * greatestBps(terms);
  const unit = feeUnitMicros(terms);
  const fee = mulDiv(weighted, 1n, bpsPerUnit * unit, 'ceil') * unit;
  const proceeds = filled.makerValueMicros + filled.takerValueMicros + restMicros;
  return side === 'sell' && fee > proceeds ? proceeds : fee;
}

/** What is bought, fee included, costs at most `amountMicros`: the most units of `unitMicros` for which that is so. A unit is worth a tick of a lot at least. */
export function unitsForAmount(terms: FeeTerms, amountMicros: bigint, unitMicros: bigint): bigint {
  const bps = BigInt(Math.max(terms.makerBps, terms.takerBps));
  const costOf = (units: bigint) => {
    const valueMicros = units * unitMicros;
    return valueMicros + greatestFeeMicros(terms, 'buy', nothingFilled, valueMicros);
  };
  // An upper bound that ignores the rounding of the fee, which is less than a unit costs: it is at most one unit too high.
  let units = (amountMicros * bpsPerUnit) / (unitMicros * (bpsPerUnit + bps));
  while (units > 0n && costOf(units) > amountMicros) units -= 1n;
  return units;
}

/** The lots times ticks that an order by amount may trade: their value and its greatest fee are within the amount, and one more is not. */
export function valueForAmount(terms: FeeTerms, amountMicros: bigint): bigint {
  return unitsForAmount(terms, amountMicros, terms.tickLotMicros);
}

const nothingFilled: FilledValue = { makerValueMicros: 0n, takerValueMicros: 0n };

/** The exact fee of what was filled, before it is rounded, in ten-thousandths of a micro. */
export function filledFeeParts(plan: FeePlan, { makerValueMicros, takerValueMicros }: FilledValue): bigint {
  return makerValueMicros * BigInt(plan.makerBps) + takerValueMicros * BigInt(plan.takerBps);
}

/** The basis points of the dearer role of a plan. */
export function greatestBps({ makerBps, takerBps }: FeePlan): bigint {
  return BigInt(Math.max(makerBps, takerBps));
}

/**
 * What fees are rounded up to: a cent, or what a tick of a lot is worth where that is less. So no fill is worth less than a unit, and with
 * `feeBpsMax` none costs more than it is worth.
 */
export function feeUnitMicros({ tickLotMicros }: FeeTerms): bigint {
  return tickLotMicros < microsPerCent ? tickLotMicros : microsPerCent;
}
