import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';

/** What a new account starts with; state active, version 1. */
export type NewAccount = Omit<Account, 'state' | 'version' | 'createTime'> & { passwordHash: string | null };

/** Adds the account. Answers undefined, and changes nothing, when its address or house name is taken. */
export async function insertAccount(tx: Sql, account: NewAccount): Promise<Account | undefined> {
  const { conditions } = account;
  const { rows } = await tx.query<AccountRow>(
    `INSERT INTO account (account_id, email, display_name, password_hash, house_name, roles, state, version,
       fee_plan_name, maker_bps, taker_bps, order_notional_max_micros, open_notional_max_micros, open_orders_max,
       orders_per_second_max, position_quantity_max_micros, market_orders_permitted, transfer_amount_max_micros)
     VALUES ($1, $2, $3, $4, $5, $6, 'active', 1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     ON CONFLICT DO NOTHING
     RETURNING ${accountColumns}`,
    [
      account.accountId,
      account.email,
      account.displayName,
      account.passwordHash,
      account.houseName,
      account.roles,
      conditions.feePlanName,
      conditions.makerBps,
      conditions.takerBps,
      conditions.orderNotionalMaxMicros,
      conditions.openNotionalMaxMicros,
      conditions.openOrdersMax,
      conditions.ordersPerSecondMax,
      conditions.positionQuantityMaxMicros,
      conditions.marketOrdersPermitted,
      conditions.transferAmountMaxMicros,
    ],
  );
  return rows[0] && toAccount(rows[0]);
}
