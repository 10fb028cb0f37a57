import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type AccountCounters, type AdmissionLimits, admit } from '../domain/admission.ts';
import { type ListLegs, toListLegs } from '../domain/list-legs.ts';
import type { Order, Refusal } from '../domain/order.ts';
import type { OrderList } from '../domain/order-list.ts';
import { moveTo } from '../domain/order-state.ts';
import { findOrdersByKey, type OrderKey } from '../store/find-orders-by-key.ts';
import { insertOrders } from '../store/insert-orders.ts';
import { findListsByKey, insertLists, type ListKey } from '../store/lists.ts';
import { lockAccounts } from '../store/lock-accounts.ts';
import { accountNotices } from '../store/notices.ts';
import { saveChanges } from '../store/save-changes.ts';

/** A list to admit and store. */
export type ListIntent = {
  list: OrderList;
  /** In state intent; version and change sequence are set when they are stored. */
  legs: ListLegs;
  /** What the list counts for the account's open notional. */
  notionalMicros: bigint;
  limits: AdmissionLimits;
  /** A refusal that was found before: that of the first order that has one. */
  refusal: Refusal | undefined;
};

/**
 * The outcome. `exists`: the key is taken, by this list. `key-taken`: the key of one of its orders is taken by another order. `limited`: over the
 * rate. Of the last two nothing is stored.
 */
export type ListIntentResult =
  | { kind: 'placed' | 'refused'; legs: ListLegs }
  | { kind: 'exists'; list: OrderList }
  | { kind: 'key-taken'; clientOrderId: string }
  | { kind: 'limited' };

/** What is stored before a group of lists, and what it adds. */
type Group = {
  accounts: Map<string, AccountCounters>;
  nowSecond: bigint;
  listsByKey: Map<string, OrderList>;
  orderKeys: Set<string>;
  changed: Map<string, AccountCounters>;
  lists: OrderList[];
  orders: Order[];
};

/**
 * Admits and stores a group of lists in one transaction, each with all its orders or not at all. The accounts are locked first, in id order, as for
 * single orders; keys and counters are read after that and decide.
 */
export function placeListIntents(db: Database, requests: ListIntent[]): Promise<ListIntentResult[]> {
  return db.transaction(async (tx) => {
    const group = await readGroup(tx, requests);
    const results = requests.map((request) => admitList(group, request));
    await saveGroup(tx, group);
    return results;
  });
}

async function readGroup(tx: Sql, requests: ListIntent[]): Promise<Group> {
  const locked = await lockAccounts(
    tx,
    requests.map(({ list }) => list.accountId),
  );
  const lists = await findListsByKey(
    tx,
    requests.map(({ list }) => list),
  );
  const orders = await findOrdersByKey(
    tx,
    requests.flatMap(({ legs }) => legs),
  );
  return {
    ...locked,
    listsByKey: new Map(lists.map((list) => [listKey(list), list])),
    orderKeys: new Set(orders.map(orderKey)),
    changed: new Map(),
    lists: [],
    orders: [],
  };
}

function admitList(group: Group, request: ListIntent): ListIntentResult {
  const { list, legs } = request;
  const existing = group.listsByKey.get(listKey(list));
  if (existing !== undefined) return { kind: 'exists', list: existing };
  const taken = legs.find((leg) => group.orderKeys.has(orderKey(leg)));
  if (taken !== undefined) return { kind: 'key-taken', clientOrderId: taken.clientOrderId };
  const counters = group.changed.get(list.accountId) ?? group.accounts.get(list.accountId);
  if (counters === undefined) throw new Error('an account was not locked');
  const admission = admit(counters, { ...request, orders: legs.length }, group.nowSecond);
  if (admission.kind === 'limited') return { kind: 'limited' };
  const before = admission.counters.changeSequence - BigInt(legs.length);
  const stored = legs.map((leg, index) => {
    const intent = { ...leg, version: 1, changeSequence: before + BigInt(index + 1) };
    if (admission.kind !== 'refused') return intent;
    return { ...moveTo(intent, 'rejected', 'saga'), refusal: admission.refusal };
  });
  group.changed.set(list.accountId, admission.counters);
  group.listsByKey.set(listKey(list), list);
  for (const order of stored) group.orderKeys.add(orderKey(order));
  group.lists.push(list);
  group.orders.push(...stored);
  return { kind: admission.kind === 'refused' ? 'refused' : 'placed', legs: toListLegs(stored) };
}

async function saveGroup(tx: Sql, { changed, lists, orders }: Group): Promise<void> {
  if (lists.length === 0) return;
  const finalAccountIds = orders.filter(({ state }) => state === 'rejected').map(({ accountId }) => accountId);
  await insertLists(tx, lists);
  await insertOrders(tx, orders);
  await saveChanges(tx, { accounts: changed, notices: accountNotices(finalAccountIds) });
}

function listKey({ accountId, clientListId }: ListKey): string {
  return `${accountId}/${clientListId}`;
}

function orderKey({ accountId, clientOrderId }: OrderKey): string {
  return `${accountId}/${clientOrderId}`;
}
