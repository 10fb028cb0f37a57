import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type ChangeSet, createChangeSet } from '../domain/change-set.ts';
import type { Order } from '../domain/order.ts';
import { lockAccounts } from './lock-accounts.ts';
import { accountNotices, type Notice } from './notices.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';
import { saveChanges } from './save-changes.ts';

/** An order to change. Every change that an order's owner sees is made by this file's functions. */
export type OrderRef = Pick<Order, 'orderId' | 'accountId'>;

/** Locks accounts, then orders, both in id order, and reads them. Unknown orders are left out. */
export async function loadForChange(tx: Sql, refs: OrderRef[]): Promise<ChangeSet> {
  const { accounts } = await lockAccounts(
    tx,
    refs.map(({ accountId }) => accountId),
  );
  const orderIds = [...new Set(refs.map(({ orderId }) => orderId))];
  const { rows } = await tx.query<OrderRow>(
    'SELECT * FROM orders WHERE order_id = ANY ($1::uuid[]) ORDER BY order_id FOR UPDATE',
    [orderIds],
  );
  return createChangeSet(accounts, new Map(rows.map((row) => [row.order_id, fromOrderRow(row)])));
}

/** Writes the changes of the set, and notifies every replica at the commit. */
export async function saveChangeSet(tx: Sql, set: ChangeSet, furtherNotices: Notice[] = []): Promise<void> {
  const notices = [...accountNotices(set.changedAccountIds), ...furtherNotices];
  if (set.changedOrderIds.size === 0 && notices.length === 0) return;
  await saveChanges(tx, {
    accounts: [...set.accounts].filter(([accountId]) => set.changedAccountIds.has(accountId)),
    changed: [...set.orders.values()].filter(({ orderId }) => set.changedOrderIds.has(orderId)),
    fills: set.fills,
    notices,
  });
}

/** Changes orders in one transaction: `change` puts the changed ones into the set. Returns all of them as they are afterwards. */
export function changeOrders(
  db: Database,
  refs: OrderRef[],
  change: (set: ChangeSet, tx: Sql) => void | Promise<void>,
): Promise<(Order | undefined)[]> {
  return db.transaction(async (tx) => {
    const set = await loadForChange(tx, refs);
    await change(set, tx);
    await saveChangeSet(tx, set);
    return refs.map(({ orderId }) => set.orders.get(orderId));
  });
}
