import { cashText, type Refusal } from './order.ts';

/** What an account may trade, and at which fees: a copy of the user service's, at one version. */
export type TradingConditions = {
  accountId: string;
  /** A copy never replaces one of the same or a higher version. */
  version: bigint;
  state: 'active' | 'frozen' | 'closed';
  house: boolean;
  makerBps: number;
  takerBps: number;
  /** Greatest value of one order in micros; undefined: no limit. */
  orderNotionalMaxMicros: bigint | undefined;
  /** Greatest value of all open orders in micros; undefined: no limit. */
  openNotionalMaxMicros: bigint | undefined;
  openOrdersMax: number;
  ordersPerSecondMax: number;
  /** Greatest position in one instrument in millionths of a share; undefined: no limit. */
  positionMaxMicros: bigint | undefined;
  marketOrdersPermitted: boolean;
};

/** The refusal of an order by its account's conditions alone, whatever else is open; undefined: they permit it. */
export function conditionsRefusal(
  conditions: TradingConditions,
  order: { market: boolean; notionalMicros: bigint },
): Refusal | undefined {
  if (conditions.state === 'closed') return { reason: 'ACCOUNT_CLOSED', metadata: {} };
  if (conditions.state === 'frozen') return { reason: 'ACCOUNT_FROZEN', metadata: {} };
  if (order.market && !conditions.marketOrdersPermitted) {
    return { reason: 'TRADING_NOT_PERMITTED', metadata: { permission: 'market_orders' } };
  }
  const limit = conditions.orderNotionalMaxMicros;
  if (limit !== undefined && order.notionalMicros > limit) {
    const metadata = { notional: cashText(order.notionalMicros), limit: cashText(limit) };
    return { reason: 'ORDER_NOTIONAL_OVER_LIMIT', metadata };
  }
  return undefined;
}
