/** The greatest cost of an order before it trades. */
import { bpsPerUnit, type FeePlan, greatestFeeCents } from '#platform/money/fees.ts';
import type { Side } from './order.ts';

const nothingFilled = { makerValueCents: 0n, takerValueCents: 0n };

/** The greatest fee in cents of an order of this value, however it is filled. */
export function feeMaxCents(plan: FeePlan, side: Side, valueCents: bigint): bigint {
  return greatestFeeCents(plan, side, nothingFilled, valueCents);
}

/** The greatest cost in cents: what the ledger holds for a buy, fee included; nothing for a sell, which holds shares. */
export function holdCents(plan: FeePlan, side: Side, valueCents: bigint): bigint {
  return side === 'buy' ? valueCents + feeMaxCents(plan, side, valueCents) : 0n;
}

/** The most lots that an amount of cash buys when a lot costs `lotCents` at worst, greatest fee included. */
export function lotsForAmount(plan: FeePlan, amountCents: bigint, lotCents: bigint): bigint {
  const bps = BigInt(Math.max(plan.makerBps, plan.takerBps));
  // An upper bound that ignores the rounding of the fee: it is at most one lot too high for lots of a cent or more.
  let lots = (amountCents * bpsPerUnit) / (lotCents * (bpsPerUnit + bps));
  while (lots > 0n && holdCents(plan, 'buy', lots * lotCents) > amountCents) lots -= 1n;
  return lots;
}
