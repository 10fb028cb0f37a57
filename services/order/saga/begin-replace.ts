import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists, notFound } from '#platform/errors/outcry-error.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { OrderDeps } from '../deps.ts';
import { type ChangeSet, putOrder } from '../domain/change-set.ts';
import { type LegOrder, toListLegs } from '../domain/list-legs.ts';
import { type ChangePricing, newTermsOf } from '../domain/new-terms-of.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { isDecided } from '../domain/order-state.ts';
import { type Change, changeFingerprint, type Replace, refusedState, refuseReplace } from '../domain/replace.ts';
import { withChange } from '../domain/replace-leg.ts';
import type { TradingConditions } from '../domain/trading-conditions.ts';
import { loadForChange, saveChangeSet } from '../store/change-orders.ts';
import { readLegs } from '../store/lists.ts';
import { lockAccounts } from '../store/lock-accounts.ts';
import { insertReplace } from '../store/replaces/insert-replace.ts';
import { findReplaceByKey } from '../store/replaces/read-replace.ts';

/** A change as its owner asks for it. */
export type ReplaceRequest = {
  accountId: string;
  orderId: string;
  key: string;
  /** 0: the present one. */
  expectedRevision: number;
  change: Change;
};

/**
 * `begun`: stored under its key, and refused already or to be driven on. `exists`: asked for before under the key. Of the others nothing is
 * stored. `busy`: the order is pending, or another change of it is. `stale`: it has another revision. `limited`: more in a second than the
 * account may order.
 */
export type Begun =
  | { kind: 'begun' | 'exists'; replace: Replace }
  | { kind: 'busy'; order: Order }
  | { kind: 'stale'; refusal: Refusal }
  | { kind: 'limited' };

/** What a change is decided by, beside what is stored. */
export type Decisive = { conditions: TradingConditions; pricing: ChangePricing };

/**
 * Decides a change under the locks of account and order, and stores it. Throws KEY_REUSED, TermsError and ORDER_NOT_FOUND, of which nothing is
 * stored.
 */
export function beginReplace(deps: OrderDeps, request: ReplaceRequest, decisive: Decisive): Promise<Begun> {
  const { conditions } = decisive;
  return deps.db.transaction(async (tx) => {
    const { nowSecond } = await lockAccounts(tx, [request.accountId]);
    const known = await findKnown(tx, request);
    if (known !== undefined) return { kind: 'exists', replace: known };
    const set = await loadWithList(tx, request);
    if (!countOne(set, request.accountId, { nowSecond, limit: conditions.ordersPerSecondMax })) {
      return { kind: 'limited' };
    }
    const begun = decide(set, request, { ...decisive, nowMs: deps.nowMs() });
    if (begun.kind !== 'begun') return begun;
    await insertReplace(tx, begun.replace);
    await saveChangeSet(tx, set);
    return begun;
  });
}

/** The order, and those of its list: their weights may change with it. */
async function loadWithList(tx: Sql, request: ReplaceRequest): Promise<ChangeSet> {
  const set = await loadForChange(tx, [request]);
  const leg = set.orders.get(request.orderId)?.leg;
  return leg === undefined ? set : loadForChange(tx, await readLegs(tx, leg.listId));
}

/** The change that was asked for under the key. Throws KEY_REUSED when that was another one. */
export async function findKnown(sql: Sql, request: ReplaceRequest): Promise<Replace | undefined> {
  const known = await findReplaceByKey(sql, request);
  if (known === undefined || known.fingerprint === fingerprintOf(request)) return known;
  throw alreadyExists(ErrorReason.KEY_REUSED, 'idempotency_key was used before with another request');
}

/** Counts a change against the rate of its account; false when that is over. */
function countOne(
  set: ChangeSet,
  accountId: string,
  { nowSecond, limit }: { nowSecond: bigint; limit: number },
): boolean {
  const counters = set.accounts.get(accountId);
  if (counters === undefined) throw notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no such order');
  const rateCount = counters.rateSecond === nowSecond ? counters.rateCount : 0;
  if (rateCount >= limit) return false;
  set.accounts.set(accountId, { ...counters, rateSecond: nowSecond, rateCount: rateCount + 1 });
  set.changedAccountIds.add(accountId);
  return true;
}

function decide(
  set: ChangeSet,
  request: ReplaceRequest,
  { conditions, pricing, nowMs }: Decisive & { nowMs: number },
): Begun {
  const { accountId, orderId, key, expectedRevision, change } = request;
  const [order, counters] = [set.orders.get(orderId), set.accounts.get(accountId)];
  if (order === undefined || counters === undefined) {
    throw notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no such order');
  }
  if (!isDecided(order)) return { kind: 'busy', order };
  const legs = legsIn(set, order);
  const terms = newTermsOf(order, change, { ...pricing, legs });
  const refusal = refuseReplace(order, { terms, legs, expectedRevision, conditions, counters });
  if (refusal !== undefined && refusedState(refusal) === 'stale') return { kind: 'stale', refusal };
  const number = refusal === undefined ? order.replaceNumber + 1 : undefined;
  if (number !== undefined) {
    for (const { before, after } of withChange(order, terms, legs)) {
      const numbered = before.orderId === orderId ? { ...after, replaceNumber: number } : after;
      // Its owner sees no change yet.
      putOrder(set, numbered, { timeMs: before.updateTimeMs, visible: false });
    }
  }
  const state = refusal === undefined ? 'pending' : 'refused';
  const stored = { replaceId: uuidV7(nowMs), fingerprint: fingerprintOf(request), createTimeMs: nowMs };
  return {
    kind: 'begun',
    replace: { ...stored, accountId, orderId, key, ...terms, number, state, refusal, expectedRevision: order.revision },
  };
}

function legsIn({ orders }: ChangeSet, { leg }: Order): readonly LegOrder[] {
  if (leg === undefined) return [];
  return toListLegs([...orders.values()]).toSorted((one, other) => one.leg.index - other.leg.index);
}

function fingerprintOf({ orderId, expectedRevision, change }: ReplaceRequest): string {
  return changeFingerprint(orderId, expectedRevision, change);
}
