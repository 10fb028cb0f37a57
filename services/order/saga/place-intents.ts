import type { Database, Sql } from '#platform/postgres/database.ts';
import type { AccountCounters, AdmissionLimits } from '../domain/admission.ts';
import { admit } from '../domain/admission.ts';
import { isFinal, type Order, type Refusal } from '../domain/order.ts';
import { lockAccounts } from '../store/lock-accounts.ts';
import { accountNotices } from '../store/notices.ts';
import { fromOrderRow, type OrderRow } from '../store/order-row.ts';
import { saveChanges } from '../store/save-changes.ts';

/** An order that asks to be kept. */
export type IntentRequest = {
  /** In state intent; version and change sequence are set here. */
  order: Order;
  notionalCents: bigint;
  limits: AdmissionLimits;
  /** A refusal found before; kept under the key unless the key is taken. */
  refusal: Refusal | undefined;
};

/** What became of it. `exists`: the key is taken, by this order. `limited`: over the rate, nothing was kept. */
export type IntentResult = { kind: 'placed' | 'refused' | 'exists'; order: Order } | { kind: 'limited' };

const findSql = `
  SELECT o.* FROM orders AS o
  JOIN unnest($1::uuid[], $2::text[]) AS k (account_id, client_order_id)
    ON o.account_id = k.account_id AND o.client_order_id = k.client_order_id COLLATE "C"`;

/**
 * Keeps a group of intents in one transaction. The accounts are locked first, in id order; keys, counters and rates are read
 * after that and the decision is made on what was read, so no replica can admit past a limit or take a key twice.
 */
export function placeIntents(db: Database, requests: IntentRequest[]): Promise<IntentResult[]> {
  return db.transaction(async (tx) => {
    const locked = await lockAccounts(
      tx,
      requests.map(({ order }) => order.accountId),
    );
    const known = await findByKeys(tx, requests);
    const changed = new Map<string, AccountCounters>();
    const added: Order[] = [];
    const results = requests.map((request): IntentResult => {
      const { accountId } = request.order;
      const existing = known.get(keyOf(request.order));
      if (existing !== undefined) return { kind: 'exists', order: existing };
      const counters = changed.get(accountId) ?? (locked.accounts.get(accountId) as AccountCounters);
      const admission = admit(counters, request, locked.nowSecond);
      if (admission.kind === 'limited') return { kind: 'limited' };
      changed.set(accountId, admission.counters);
      const order = intentOf(
        request.order,
        admission.counters,
        admission.kind === 'refused' ? admission.refusal : undefined,
      );
      known.set(keyOf(order), order);
      added.push(order);
      return { kind: admission.kind === 'refused' ? 'refused' : 'placed', order };
    });
    if (added.length > 0) {
      // Only what is final by now is told: an intent is on its way, and the feed's notice for it follows in milliseconds.
      const told = added.filter(isFinal).map(({ accountId }) => accountId);
      await saveChanges(tx, { accounts: changed, added, notices: accountNotices(new Set(told)) });
    }
    return results;
  });
}

/** The order that an account has under a key. */
export async function findByKey(db: Sql, accountId: string, clientOrderId: string): Promise<Order | undefined> {
  const { rows } = await db.query<OrderRow>(findSql, [[accountId], [clientOrderId]]);
  return rows[0] && fromOrderRow(rows[0]);
}

function intentOf(order: Order, counters: AccountCounters, refusal: Refusal | undefined): Order {
  const { changeSequence } = counters;
  return { ...order, state: refusal ? 'rejected' : 'intent', refusal, version: 1, changeSequence };
}

async function findByKeys(tx: Sql, requests: IntentRequest[]): Promise<Map<string, Order>> {
  const accountIds = requests.map(({ order }) => order.accountId);
  const keys = requests.map(({ order }) => order.clientOrderId);
  const { rows } = await tx.query<OrderRow>(findSql, [accountIds, keys], { prepare: true });
  return new Map(rows.map(fromOrderRow).map((order) => [keyOf(order), order]));
}

function keyOf({ accountId, clientOrderId }: Pick<Order, 'accountId' | 'clientOrderId'>): string {
  return `${accountId}/${clientOrderId}`;
}
