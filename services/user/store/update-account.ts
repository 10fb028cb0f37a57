import type { Sql } from '#platform/postgres/database.ts';
import type { Account, AccountRole, AccountState } from '../domain/account.ts';
import type { Conditions } from '../domain/conditions.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';

/** Sets the state and raises the version. Rejects with RangeError for an unknown account, as do all below. */
export function updateState(tx: Sql, accountId: string, state: AccountState): Promise<Account> {
  return update(tx, 'state = $2, version = version + 1', [accountId, state]);
}

/** Replaces the conditions and raises the version. */
export function updateConditions(tx: Sql, accountId: string, conditions: Conditions): Promise<Account> {
  return update(
    tx,
    `fee_plan_name = $2, maker_bps = $3, taker_bps = $4, order_notional_max_micros = $5, open_notional_max_micros = $6,
     open_orders_max = $7, orders_per_second_max = $8, position_quantity_max_micros = $9,
     market_orders_permitted = $10, transfer_amount_max_micros = $11, version = version + 1`,
    [
      accountId,
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
}

/** Replaces the roles; the version is of state and conditions only and stays. */
export function updateRoles(tx: Sql, accountId: string, roles: readonly AccountRole[]): Promise<Account> {
  return update(tx, 'roles = $2', [accountId, roles]);
}

/** Changes the display name. */
export function updateDisplayName(tx: Sql, accountId: string, displayName: string): Promise<Account> {
  return update(tx, 'display_name = $2', [accountId, displayName]);
}

/** Sets the password hash if it is still `fromHash`; whether it was. */
export async function replacePasswordHash(
  tx: Sql,
  options: { accountId: string; fromHash: string; toHash: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE account SET password_hash = $3 WHERE account_id = $1 AND password_hash = $2',
    [options.accountId, options.fromHash, options.toHash],
  );
  return rowCount === 1;
}

async function update(tx: Sql, assignments: string, values: unknown[]): Promise<Account> {
  const { rows } = await tx.query<AccountRow>(
    `UPDATE account SET ${assignments} WHERE account_id = $1 RETURNING ${accountColumns}`,
    values,
  );
  if (rows[0] === undefined) throw new RangeError('there is no such account');
  return toAccount(rows[0]);
}
