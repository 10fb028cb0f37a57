import { CASH_SCALE, formatDecimal } from '#platform/money/decimal.ts';
import type { Refusal } from './order.ts';

/** The terms under which one account trades: a copy of what the user service said, at one version. */
export type Conditions = {
  accountId: string;
  /** A copy with a lower version is stale. */
  version: bigint;
  state: 'active' | 'frozen' | 'closed';
  house: boolean;
  makerBps: number;
  takerBps: number;
  /** Greatest value of one order in cents; undefined: no limit. */
  orderNotionalMaxCents: bigint | undefined;
  /** Greatest value of all open orders in cents; undefined: no limit. */
  openNotionalMaxCents: bigint | undefined;
  openOrdersMax: number;
  ordersPerSecondMax: number;
  /** Greatest position in one instrument in millionths of a share; 0: no limit. */
  positionMaxMicros: bigint;
  marketOrdersPermitted: boolean;
};

/** What is asked of the conditions. */
export type ConditionsQuestion = { market: boolean; notionalCents: bigint };

/** Why these conditions forbid an order by themselves, whatever else is open; undefined: they do not. */
export function conditionsRefusal(conditions: Conditions, order: ConditionsQuestion): Refusal | undefined {
  if (conditions.state === 'closed') return { reason: 'ACCOUNT_CLOSED', metadata: {} };
  if (conditions.state === 'frozen') return { reason: 'ACCOUNT_FROZEN', metadata: {} };
  if (order.market && !conditions.marketOrdersPermitted) {
    return { reason: 'TRADING_NOT_PERMITTED', metadata: { permission: 'market_orders' } };
  }
  const limit = conditions.orderNotionalMaxCents;
  if (limit !== undefined && order.notionalCents > limit) {
    const metadata = { notional: cash(order.notionalCents), limit: cash(limit) };
    return { reason: 'ORDER_NOTIONAL_OVER_LIMIT', metadata };
  }
  return undefined;
}

function cash(cents: bigint): string {
  return formatDecimal(cents, CASH_SCALE);
}
