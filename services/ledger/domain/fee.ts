import { mulDiv } from '#platform/money/rounding.ts';

/** What trading costs, in basis points of the value; 0 to 1000 each. */
export type FeePlan = { makerBps: number; takerBps: number };

/** What an order has traded so far, in cents, by the role that it had. */
export type FilledValue = { makerValueCents: bigint; takerValueCents: bigint };

const basisPoints = 10_000n;

/** Greatest basis points of a plan; at 10 % a fee never exceeds the value of the fill that it is charged for. */
export const feeBpsMax = 1_000;

/**
 * The whole fee of an order so far, in cents: rounded up once, on the cumulative value, so that an order filled in many
 * parts pays what it would have paid in one.
 */
export function cumulativeFeeCents(plan: FeePlan, filled: FilledValue): bigint {
  return feeOfWeighted(weightedValue(plan, filled));
}

/** The fee when `restCents` more trades at the dearer role of the plan: no continuation of the order costs more. */
export function greatestFeeCents(plan: FeePlan, filled: FilledValue, restCents: bigint): bigint {
  const greatestBps = BigInt(Math.max(plan.makerBps, plan.takerBps));
  return feeOfWeighted(weightedValue(plan, filled) + restCents * greatestBps);
}

/** A seller's fee: as above, and never more than what the sale brought in. */
export function cumulativeSellerFeeCents(plan: FeePlan, filled: FilledValue): bigint {
  const fee = cumulativeFeeCents(plan, filled);
  const proceeds = filled.makerValueCents + filled.takerValueCents;
  if (fee > proceeds) return proceeds;
  return fee;
}

function weightedValue(plan: FeePlan, filled: FilledValue): bigint {
  return filled.makerValueCents * BigInt(plan.makerBps) + filled.takerValueCents * BigInt(plan.takerBps);
}

function feeOfWeighted(weighted: bigint): bigint {
  return mulDiv(weighted, 1n, basisPoints, 'ceil');
}
