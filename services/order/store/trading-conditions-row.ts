import type { TradingConditions } from '../domain/trading-conditions.ts';
import { fromPositionLimitColumn, toPositionLimitColumn } from './position-limit-column.ts';

/** A row of table conditions. */
export type TradingConditionsRow = {
  account_id: string;
  version: bigint;
  state: TradingConditions['state'];
  house: boolean;
  maker_bps: number;
  taker_bps: number;
  order_notional_max_micros: bigint | null;
  open_notional_max_micros: bigint | null;
  open_orders_max: number;
  orders_per_second_max: number;
  position_max_micros: bigint;
  market_orders_permitted: boolean;
};

/** The conditions of a row. */
export function fromTradingConditionsRow(row: TradingConditionsRow): TradingConditions {
  return {
    accountId: row.account_id,
    version: row.version,
    state: row.state,
    house: row.house,
    makerBps: row.maker_bps,
    takerBps: row.taker_bps,
    orderNotionalMaxMicros: row.order_notional_max_micros ?? undefined,
    openNotionalMaxMicros: row.open_notional_max_micros ?? undefined,
    openOrdersMax: row.open_orders_max,
    ordersPerSecondMax: row.orders_per_second_max,
    positionMaxMicros: fromPositionLimitColumn(row.position_max_micros),
    marketOrdersPermitted: row.market_orders_permitted,
  };
}

/** The row of conditions. */
export function toTradingConditionsRow(conditions: TradingConditions): TradingConditionsRow {
  return {
    account_id: conditions.accountId,
    version: conditions.version,
    state: conditions.state,
    house: conditions.house,
    maker_bps: conditions.makerBps,
    taker_bps: conditions.takerBps,
    order_notional_max_micros: conditions.orderNotionalMaxMicros ?? null,
    open_notional_max_micros: conditions.openNotionalMaxMicros ?? null,
    open_orders_max: conditions.openOrdersMax,
    orders_per_second_max: conditions.ordersPerSecondMax,
    position_max_micros: toPositionLimitColumn(conditions.positionMaxMicros),
    market_orders_permitted: conditions.marketOrdersPermitted,
  };
}
