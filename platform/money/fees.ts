/** Trading fees: the one computation for holds, charges, reports and audits. */
import { mulDiv } from './rounding.ts';

/** A share of an order's value by the role it trades in, in basis points: 0 to `feeBpsMax` each. */
export type FeePlan = { makerBps: number; takerBps: number };

/** What an order has traded so far, in cents, by the role that it had. */
export type FilledValue = { makerValueCents: bigint; takerValueCents: bigint };

/** Greatest basis points of a plan; at 10 % a fee never exceeds the value of the fill that it is charged for. */
export const feeBpsMax = 1_000;

/** Basis points of a whole. */
export const bpsPerUnit = 10_000n;

/**
 * The whole fee of an order so far, in cents: rounded up once, on the cumulative value, so that an order filled in many parts
 * pays what it would have paid in one. A seller's fee is never more than the sale brought in.
 */
export function cumulativeFeeCents(plan: FeePlan, side: 'buy' | 'sell', filled: FilledValue): bigint {
  return greatestFeeCents(plan, side, filled, 0n);
}

/** The fee when `restCents` more trades at the dearer role of the plan: no continuation of the order costs more. */
export function greatestFeeCents(
  plan: FeePlan,
  side: 'buy' | 'sell',
  { makerValueCents, takerValueCents }: FilledValue,
  restCents: bigint,
): bigint {
  const greatestBps = BigInt(Math.max(plan.makerBps, plan.takerBps));
  const weighted =
    makerValueCents * BigInt(plan.makerBps) + takerValueCents * BigInt(plan.takerBps) + restCents * greatestBps;
  const fee = mulDiv(weighted, 1n, bpsPerUnit, 'ceil');
  const proceeds = makerValueCents + takerValueCents + restCents;
  return side === 'sell' && fee > proceeds ? proceeds : fee;
}
