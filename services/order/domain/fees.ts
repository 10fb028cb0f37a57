import { mulDiv } from '#platform/money/rounding.ts';
import type { FrozenTerms, Side } from './order.ts';

/** What an order's fills came to so far, in cents. */
export type FilledValue = { makerValueCents: bigint; takerValueCents: bigint };

type FeePlan = Pick<FrozenTerms, 'makerBps' | 'takerBps'>;

const bpsPerUnit = 10_000n;

/**
 * Fees in cents of all fills together: each part by its rate, the sum rounded up once, so that the fees of the parts never
 * exceed the fee of the whole. A seller's fees never exceed the proceeds. The ledger computes the same.
 */
export function cumulativeFeeCents(plan: FeePlan, side: Side, filled: FilledValue): bigint {
  const { makerValueCents, takerValueCents } = filled;
  const weighted = makerValueCents * BigInt(plan.makerBps) + takerValueCents * BigInt(plan.takerBps);
  const fee = mulDiv(weighted, 1n, bpsPerUnit, 'ceil');
  const proceeds = makerValueCents + takerValueCents;
  return side === 'sell' && fee > proceeds ? proceeds : fee;
}

/** The greatest fee in cents of an order of this value, however it is filled. */
export function feeMaxCents(plan: FeePlan, side: Side, valueCents: bigint): bigint {
  const dearer = plan.makerBps > plan.takerBps ? 'makerValueCents' : 'takerValueCents';
  return cumulativeFeeCents(plan, side, { makerValueCents: 0n, takerValueCents: 0n, [dearer]: valueCents });
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
