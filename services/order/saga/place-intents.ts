import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type AccountCounters, type AdmissionLimits, admit } from '../domain/admission.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { isFinal, moveTo } from '../domain/order-state.ts';
import { findOrdersByKey, type OrderKey } from '../store/find-orders-by-key.ts';
import { insertIntents } from '../store/insert-intents.ts';
import { insertOrders } from '../store/insert-orders.ts';
import { type LockedAccounts, lockAccounts } from '../store/lock-accounts.ts';
import { accountNotices } from '../store/notices.ts';
import { saveChanges } from '../store/save-changes.ts';

/** An order to admit and store. */
export type IntentRequest = {
  /** In state intent; version and change sequence are set here. */
  order: Order;
  notionalMicros: bigint;
  /** Lots that it would buy or sell at the prices of the moment. */
  estimatedLots: bigint;
  limits: AdmissionLimits;
  /** A refusal that was found before; stored under the key unless the key is taken. */
  refusal: Refusal | undefined;
};

/** The outcome. `exists`: the key is taken, by this order. `limited`: over the rate, nothing is stored. */
export type IntentResult = { kind: 'placed' | 'refused' | 'exists'; order: Order } | { kind: 'limited' };

/** One group of requests: what is stored before it, and what it adds. */
type Group = {
  accounts: Map<string, AccountCounters>;
  ordersByKey: Map<string, Order>;
  changed: Map<string, AccountCounters>;
  added: Order[];
};

/**
 * Admits and stores a group of intents: by one statement for the accounts whose orders are all new and within the limits, and in a transaction
 * that decides one order after the other for the rest.
 */
export async function placeIntents(db: Database, requests: IntentRequest[]): Promise<IntentResult[]> {
  const undecided = accountsToDecide(requests);
  const simple = requests.filter(({ order }) => !undecided.has(order.accountId));
  const inserted = simple.length > 0 ? await insertIntents(db, simple) : new Map<string, bigint>();
  const rest = requests.filter(({ order }) => !inserted.has(order.accountId));
  const decided = (rest.length > 0 ? await decideIntents(db, rest) : []).values();
  return requests.map(({ order }): IntentResult => {
    const before = inserted.get(order.accountId);
    if (before === undefined) return decided.next().value as IntentResult;
    inserted.set(order.accountId, before + 1n);
    return { kind: 'placed', order: { ...order, version: 1, changeSequence: before + 1n } };
  });
}

/** Accounts with an order that is refused already, or with two orders of one key: theirs are decided in the sequence in which they came. */
function accountsToDecide(requests: readonly IntentRequest[]): Set<string> {
  const accountIds = new Set<string>();
  const keys = new Set<string>();
  for (const { order, refusal } of requests) {
    const key = keyOf(order);
    if (refusal !== undefined || keys.has(key)) accountIds.add(order.accountId);
    keys.add(key);
  }
  return accountIds;
}

/**
 * Decides a group of intents in one transaction. The accounts are locked first, in id order; keys, counters and rates are read after that and
 * decide, so no replica can admit past a limit or take a key twice.
 */
function decideIntents(db: Database, requests: IntentRequest[]): Promise<IntentResult[]> {
  const orders = requests.map(({ order }) => order);
  return db.transaction(async (tx) => {
    const { accounts, nowSecond } = await lockAccounts(
      tx,
      orders.map(({ accountId }) => accountId),
    );
    const known = await findOrdersByKey(tx, orders);
    const ordersByKey = new Map(known.map((order) => [keyOf(order), order]));
    const group: Group = { accounts, ordersByKey, changed: new Map(), added: [] };
    const results = requests.map((request) => admitOne(group, request, nowSecond));
    await saveGroup(tx, group);
    return results;
  });
}

function admitOne(group: Group, request: IntentRequest, nowSecond: LockedAccounts['nowSecond']): IntentResult {
  const { accountId } = request.order;
  const existing = group.ordersByKey.get(keyOf(request.order));
  if (existing !== undefined) return { kind: existingKind(existing, request), order: existing };
  const counters = group.changed.get(accountId) ?? group.accounts.get(accountId);
  if (counters === undefined) throw new Error('an account was not locked');
  const admission = admit(counters, request, nowSecond);
  if (admission.kind === 'limited') return { kind: 'limited' };
  const { changeSequence } = admission.counters;
  const intent: Order = { ...request.order, version: 1, changeSequence };
  const order =
    admission.kind === 'refused' ? { ...moveTo(intent, 'rejected', 'saga'), refusal: admission.refusal } : intent;
  group.changed.set(accountId, admission.counters);
  group.ordersByKey.set(keyOf(order), order);
  group.added.push(order);
  return { kind: admission.kind === 'refused' ? 'refused' : 'placed', order };
}

// What this very request has stored, in a group of which another part failed, is as new as ever.
function existingKind({ orderId, state }: Order, { order }: IntentRequest): 'placed' | 'refused' | 'exists' {
  if (orderId !== order.orderId) return 'exists';
  return state === 'rejected' ? 'refused' : 'placed';
}

async function saveGroup(tx: Sql, { changed, added }: Group): Promise<void> {
  if (added.length === 0) return;
  // Only orders that are final by now are notified: the outcome of the others follows in milliseconds, with the notice of the feed.
  const finalAccountIds = added.filter(isFinal).map(({ accountId }) => accountId);
  await insertOrders(tx, added);
  await saveChanges(tx, { accounts: changed, notices: accountNotices(finalAccountIds) });
}

function keyOf({ accountId, clientOrderId }: OrderKey): string {
  return `${accountId}/${clientOrderId}`;
}
