import type { OutboxEvent } from '#platform/bus/outbox.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { plainArray } from '#platform/postgres/columns.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type ChangeSet, createChangeSet } from '../domain/change-set.ts';
import type { Order } from '../domain/order.ts';
import { type AccountRow, fromAccountRow } from './lock-accounts.ts';
import { accountNotices, type Notice } from './notices.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';
import { saveReshaped } from './replaces/save-reshaped.ts';
import { type Changes, saveChanges } from './save-changes.ts';

/** An order to change. Every change that an order's owner sees is made by this file's functions. */
export type OrderRef = Pick<Order, 'orderId' | 'accountId'>;

// The rows of the accounts first, in id order, as every transaction locks them; then those of the orders. Both are read in their newest
// versions; an order that is not committed at the start of the statement has no event and no caller that knows its id.
const loadSql = `
  WITH account AS MATERIALIZED (
    SELECT account_id, change_sequence AS head_sequence, open_count, open_notional_micros, rate_second, rate_count
    FROM accounts WHERE account_id = ANY ($1::uuid[]) ORDER BY account_id FOR UPDATE
  )
  SELECT o.*, head_sequence, open_count, open_notional_micros, rate_second, rate_count
  FROM account JOIN orders AS o ON o.account_id = account.account_id
  WHERE o.order_id = ANY ($2::uuid[])
  ORDER BY o.order_id FOR UPDATE OF o`;

type LoadedRow = OrderRow & Omit<AccountRow, 'change_sequence' | 'now_second'> & { head_sequence: bigint };

/** Locks accounts, then orders, both in id order, and reads them by one statement. Unknown orders and accounts without one are left out. */
export async function loadForChange(tx: Sql, refs: OrderRef[]): Promise<ChangeSet> {
  const unique = (ids: string[]) => plainArray([...new Set(ids)].filter(isUuidV7));
  const { rows } = await tx.query<LoadedRow>(loadSql, [
    unique(refs.map(({ accountId }) => accountId)),
    unique(refs.map(({ orderId }) => orderId)),
  ]);
  const accounts = rows.map(
    (row) => [row.account_id, fromAccountRow({ ...row, change_sequence: row.head_sequence })] as const,
  );
  return createChangeSet(new Map(accounts), new Map(rows.map((row) => [row.order_id, fromOrderRow(row)])));
}

/** Writes the changes of the set with what goes along with them, and notifies every replica at the commit. */
export async function saveChangeSet(
  tx: Sql,
  set: ChangeSet,
  along: { notices?: Notice[] } & Pick<Changes, 'events' | 'fromFeed'> = {},
): Promise<void> {
  const notices = [...accountNotices(set.changedAccountIds), ...(along.notices ?? [])];
  if (set.changedOrderIds.size === 0 && notices.length === 0) return;
  await saveReshaped(tx, ordersOf(set, set.reshapedOrderIds));
  await saveChanges(tx, {
    accounts: [...set.accounts].filter(([accountId]) => set.changedAccountIds.has(accountId)),
    changed: ordersOf(set, set.changedOrderIds),
    fills: set.fills,
    ...along,
    notices,
  });
}

function ordersOf({ orders }: ChangeSet, ids: ReadonlySet<string>): Order[] {
  return ids.size === 0 ? [] : [...orders.values()].filter(({ orderId }) => ids.has(orderId));
}

/**
 * Changes orders in one transaction: `change` puts the changed ones into the set, and returns the events to publish. Returns all of them as
 * they are afterwards.
 */
export function changeOrders(
  db: Database,
  refs: OrderRef[],
  change: (set: ChangeSet) => OutboxEvent[],
): Promise<(Order | undefined)[]> {
  return db.transaction(async (tx) => {
    const set = await loadForChange(tx, refs);
    await saveChangeSet(tx, set, { events: change(set) });
    return refs.map(({ orderId }) => set.orders.get(orderId));
  });
}
