import type { Database, Sql } from '#platform/postgres/database.ts';
import { type ChangeSet, createChangeSet } from '../domain/change-set.ts';
import type { Order } from '../domain/order.ts';
import { lockAccounts } from './lock-accounts.ts';
import { accountNotices, type Notice } from './notices.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';
import { saveChanges } from './save-changes.ts';

/** Which orders change. Every change of an order that its owner sees goes through here. */
export type OrderRef = Pick<Order, 'orderId' | 'accountId'>;

/** Locks accounts, then orders, both in id order, and returns them ready to be changed. Unknown orders are left out. */
export async function loadForChange(tx: Sql, refs: OrderRef[]): Promise<ChangeSet> {
  const { accounts } = await lockAccounts(
    tx,
    refs.map(({ accountId }) => accountId),
  );
  const orderIds = [...new Set(refs.map(({ orderId }) => orderId))];
  const { rows } = await tx.query<OrderRow>(
    'SELECT * FROM orders WHERE order_id = ANY ($1::uuid[]) ORDER BY order_id FOR UPDATE',
    [orderIds],
    { prepare: true },
  );
  return createChangeSet(accounts, new Map(rows.map((row) => [row.order_id, fromOrderRow(row)])));
}

/** Writes what changed in the set, with a notice to every replica. */
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

/** Changes orders in one transaction; `change` puts what it changes into the set. Returns the orders as they are then. */
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
