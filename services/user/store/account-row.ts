/** How an account lies in its row. */
import type { Account, AccountRole, AccountState } from '../domain/account.ts';

/** The columns of an account without its password hash, as `AccountRow` has them. */
export const accountColumns = `account_id, email, display_name, house_name, roles, state, version,
  fee_plan_name, maker_bps, taker_bps, order_notional_max_micros, open_notional_max_micros, open_orders_max,
  orders_per_second_max, position_quantity_max_micros, market_orders_permitted, transfer_amount_max_micros, create_time`;

/** One row of `accountColumns`. */
export type AccountRow = {
  account_id: string;
  email: string | null;
  display_name: string;
  house_name: string | null;
  roles: AccountRole[];
  state: AccountState;
  version: bigint;
  fee_plan_name: string;
  maker_bps: number;
  taker_bps: number;
  order_notional_max_micros: bigint | null;
  open_notional_max_micros: bigint | null;
  open_orders_max: number;
  orders_per_second_max: number;
  position_quantity_max_micros: bigint | null;
  market_orders_permitted: boolean;
  transfer_amount_max_micros: bigint | null;
  create_time: Date;
};

/** Reads a row. */
export function toAccount(row: AccountRow): Account {
  return {
    accountId: row.account_id,
    email: row.email,
    displayName: row.display_name,
    houseName: row.house_name,
    roles: row.roles,
    state: row.state,
    version: row.version,
    createTime: row.create_time,
    conditions: {
      feePlanName: row.fee_plan_name,
      makerBps: row.maker_bps,
      takerBps: row.taker_bps,
      orderNotionalMaxMicros: row.order_notional_max_micros,
      openNotionalMaxMicros: row.open_notional_max_micros,
      openOrdersMax: row.open_orders_max,
      ordersPerSecondMax: row.orders_per_second_max,
      positionQuantityMaxMicros: row.position_quantity_max_micros,
      marketOrdersPermitted: row.market_orders_permitted,
      transferAmountMaxMicros: row.transfer_amount_max_micros,
    },
  };
}
