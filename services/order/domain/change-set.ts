import type { AccountCounters } from './admission.ts';
import type { Order } from './order.ts';
import { exposureOf } from './order.ts';
import type { FillFacts } from './transitions.ts';

/** A fill with its place in the account's own sequence. */
export type PlacedFill = FillFacts & { order: Order; changeSequence: bigint };

/** Orders and their accounts, read under the accounts' locks, and what becomes of them in one transaction. */
export type ChangeSet = {
  accounts: Map<string, AccountCounters>;
  orders: Map<string, Order>;
  changedAccountIds: Set<string>;
  changedOrderIds: Set<string>;
  fills: PlacedFill[];
};

/** What a change is beside the new order. An invisible change tells the owner nothing and draws no sequence. */
export type ChangeOptions = { nowMs: number; visible?: boolean; fill?: FillFacts };

/** A set in which nothing has changed yet. */
export function createChangeSet(accounts: Map<string, AccountCounters>, orders: Map<string, Order>): ChangeSet {
  return { accounts, orders, changedAccountIds: new Set(), changedOrderIds: new Set(), fills: [] };
}

/**
 * Takes a changed order into the set: draws its sequences from its account, a fill's before its order's, and moves the
 * account's counters by what the order has more or less open than before. Returns the order as it will be kept.
 */
export function putOrder(set: ChangeSet, after: Order, options: ChangeOptions): Order {
  const before = set.orders.get(after.orderId);
  const account = set.accounts.get(after.accountId);
  if (!before || !account) throw new Error('an order was changed that was not read for change');
  const { nowMs, visible = true, fill } = options;
  let { changeSequence } = account;
  if (fill !== undefined) changeSequence += 1n;
  const fillSequence = changeSequence;
  if (visible) changeSequence += 1n;
  const kept: Order = {
    ...after,
    version: visible || after.state !== before.state ? before.version + 1 : before.version,
    changeSequence: visible ? changeSequence : before.changeSequence,
    updateTimeMs: nowMs,
  };
  if (fill !== undefined) set.fills.push({ ...fill, order: kept, changeSequence: fillSequence });
  const [was, is] = [exposureOf(before), exposureOf(kept)];
  set.accounts.set(after.accountId, {
    ...account,
    changeSequence,
    openCount: account.openCount + is.count - was.count,
    openNotionalCents: account.openNotionalCents + is.notionalCents - was.notionalCents,
  });
  set.orders.set(after.orderId, kept);
  set.changedOrderIds.add(after.orderId);
  set.changedAccountIds.add(after.accountId);
  return kept;
}
