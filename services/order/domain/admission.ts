import { cashText, type Refusal } from './order.ts';
import type { TradingConditions } from './trading-conditions.ts';

/** What an account has open and how fast it orders. Stored in its row; decisions read it under that row's lock. */
export type AccountCounters = {
  changeSequence: bigint;
  openCount: number;
  openNotionalMicros: bigint;
  /** The second, counted from 1970, in which `rateCount` orders were placed. */
  rateSecond: bigint;
  rateCount: number;
};

/** The limits that depend on the account's other orders. */
export type AdmissionLimits = Pick<TradingConditions, 'openNotionalMaxMicros' | 'openOrdersMax' | 'ordersPerSecondMax'>;

/** One order to admit. */
export type AdmissionRequest = {
  notionalMicros: bigint;
  /** How many orders are placed together: those of a list, which counts once for the rate. Default 1. */
  orders?: number;
  limits: AdmissionLimits;
  /** A refusal that was found before; it is recorded instead of a decision. */
  refusal: Refusal | undefined;
};

/** The decision. `limited`: over the rate, nothing is stored; the other two are stored as an order. */
export type Admission =
  | { kind: 'limited'; counters: AccountCounters }
  | { kind: 'refused'; counters: AccountCounters; refusal: Refusal }
  | { kind: 'admitted'; counters: AccountCounters };

/**
 * Decides one order against its account's counters and returns them as they are afterwards. Orders of a group are decided
 * one after the other, so a refused one takes nothing from the next. Refusals count against the rate as well: they cost a row.
 */
export function admit(counters: AccountCounters, request: AdmissionRequest, nowSecond: bigint): Admission {
  const { limits, notionalMicros, orders = 1 } = request;
  const rateCount = counters.rateSecond === nowSecond ? counters.rateCount : 0;
  if (rateCount >= limits.ordersPerSecondMax) return { kind: 'limited', counters };
  const counted = {
    ...counters,
    changeSequence: counters.changeSequence + BigInt(orders),
    rateSecond: nowSecond,
    rateCount: rateCount + 1,
  };
  const refusal = request.refusal ?? openRefusal(counters, limits, { notionalMicros, orders });
  if (refusal !== undefined) return { kind: 'refused', counters: counted, refusal };
  const openCount = counters.openCount + orders;
  const openNotionalMicros = counters.openNotionalMicros + notionalMicros;
  return { kind: 'admitted', counters: { ...counted, openCount, openNotionalMicros } };
}

/** The refusal of further orders beside those that are open; undefined: it is within the limits. */
export function openRefusal(
  { openCount, openNotionalMicros }: Pick<AccountCounters, 'openCount' | 'openNotionalMicros'>,
  limits: AdmissionLimits,
  { notionalMicros, orders }: { notionalMicros: bigint; orders: number },
): Refusal | undefined {
  if (openCount + orders > limits.openOrdersMax) {
    const metadata = { open: String(openCount), limit: String(limits.openOrdersMax) };
    return { reason: 'OPEN_ORDERS_OVER_LIMIT', metadata };
  }
  const limit = limits.openNotionalMaxMicros;
  if (limit !== undefined && openNotionalMicros + notionalMicros > limit) {
    const metadata = { open: cashText(openNotionalMicros), notional: cashText(notionalMicros), limit: cashText(limit) };
    return { reason: 'OPEN_NOTIONAL_OVER_LIMIT', metadata };
  }
  return undefined;
}
