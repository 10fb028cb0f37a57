import type { AccountCounters } from './admission.ts';
import type { Fill, StoredFill } from './fill.ts';
import { exposureOf, type Order } from './order.ts';

/** Orders and their accounts, read under the accounts' locks, and the changes that one transaction will write. */
export type ChangeSet = {
  accounts: Map<string, AccountCounters>;
  orders: Map<string, Order>;
  changedAccountIds: Set<string>;
  changedOrderIds: Set<string>;
  /** Of these, orders whose revision, pending change or weight in their list is another one now. */
  reshapedOrderIds: Set<string>;
  fills: StoredFill[];
};

/** Options of a change. */
export type ChangeOptions = {
  /** When the order changed, Unix milliseconds. */
  timeMs: number;
  /** Whether the owner sees the change; one that it does not see draws no change sequence. Default true. */
  visible?: boolean;
  /** The fill that caused the change. */
  fill?: Fill;
};

/** A set without changes. */
export function createChangeSet(accounts: Map<string, AccountCounters>, orders: Map<string, Order>): ChangeSet {
  const none = {
    changedAccountIds: new Set<string>(),
    changedOrderIds: new Set<string>(),
    reshapedOrderIds: new Set<string>(),
  };
  return { accounts, orders, ...none, fills: [] };
}

/**
 * Puts a changed order into the set: draws its sequences from its account, a fill's before its order's, and moves the account's counters
 * by the difference in what the order has open. Returns the order as it will be stored. Throws for an order that the set does not have.
 */
export function putOrder(set: ChangeSet, after: Order, options: ChangeOptions): Order {
  const before = set.orders.get(after.orderId);
  const account = set.accounts.get(after.accountId);
  if (!before || !account) throw new Error('an order was changed that was not read for change');
  const { timeMs, visible = true, fill } = options;
  let { changeSequence } = account;
  if (fill !== undefined) {
    changeSequence += 1n;
    set.fills.push(storedFill(after, fill, changeSequence));
  }
  if (visible) changeSequence += 1n;
  const stored: Order = {
    ...after,
    version: visible || after.state !== before.state ? before.version + 1 : before.version,
    changeSequence: visible ? changeSequence : before.changeSequence,
    updateTimeMs: timeMs,
  };
  const [was, is] = [exposureOf(before), exposureOf(stored)];
  set.accounts.set(after.accountId, {
    ...account,
    changeSequence,
    openCount: account.openCount + is.count - was.count,
    openNotionalMicros: account.openNotionalMicros + is.notionalMicros - was.notionalMicros,
  });
  set.orders.set(after.orderId, stored);
  set.changedOrderIds.add(after.orderId);
  if (isReshaped(before, after)) set.reshapedOrderIds.add(after.orderId);
  set.changedAccountIds.add(after.accountId);
  return stored;
}

function isReshaped(before: Order, after: Order): boolean {
  if (after.revision !== before.revision || after.pendingReplace !== before.pendingReplace) return true;
  return after.leg?.exposureTicks !== before.leg?.exposureTicks;
}

function storedFill(order: Order, fill: Fill, changeSequence: bigint): StoredFill {
  const { orderId, accountId, symbol, side, tickMicros, lotMicros } = order;
  return { ...fill, orderId, accountId, symbol, side, tickMicros, lotMicros, changeSequence };
}
