/**
 * The life of a change that an owner asks for: what it is, and how it ends.
 *
 *   pending   begun: the hold may pay for it already, and the exchange may have it; the order has one such change at a time
 *   done      the order was changed, or what was left of it cancelled as it had traded the new quantity
 *   refused   by this service, the ledger or the exchange; stored under the key
 *   stale     the order had changed meanwhile: not stored, the key is free
 *
 * From `pending` the exchange's feed leads to all others, whatever a call was answered; see end-replace.ts. The answers of ledger and exchange
 * lead to `refused` and `stale`. When the process dies in `pending`, the sweeper of any replica asks ledger and exchange again: both have
 * one outcome for the number of the change. Nothing else is left to do in a final state.
 */
import { type AccountCounters, type AdmissionLimits, openRefusal } from './admission.ts';
import type { LegOrder } from './list-legs.ts';
import type { NewTerms } from './new-terms.ts';
import { exposureOf, type Order, type Refusal, statusOf, valueMicros } from './order.ts';
import { tradesAtMarket } from './order-kind.ts';
import { isFinal } from './order-state.ts';
import { type Changed, countedTerms, withChange } from './replace-leg.ts';
import { conditionsRefusal, type TradingConditions } from './trading-conditions.ts';

/** What an owner asks for, in exact numbers; undefined: no change. */
export type Change = {
  /** All shares in millionths, filled ones included. */
  quantityMicros: bigint | undefined;
  /** Limit or worst price in millionths of the currency unit. */
  limitPriceMicros: bigint | undefined;
  /** Stop price in millionths of the currency unit. */
  stopPriceMicros: bigint | undefined;
  /** Distance from the price that a trailing stop follows: in millionths of the currency unit, or in basis points. */
  trail: { kind: 'amount'; micros: bigint } | { kind: 'percent'; bps: number } | undefined;
  /** Unix milliseconds. */
  expireTimeMs: number | undefined;
};

/** A change as it is stored. */
export type Replace = NewTerms & {
  /** UUIDv7. */
  replaceId: string;
  accountId: string;
  /** The owner's key. */
  key: string;
  /** The normalised request; the same key with another one is refused. */
  fingerprint: string;
  orderId: string;
  /** Its number among the changes of the order, from 1; undefined: refused before it was begun. */
  number: number | undefined;
  state: 'pending' | 'done' | 'refused' | 'stale';
  /** The revision of the order that is changed. */
  expectedRevision: number;
  refusal: Refusal | undefined;
  createTimeMs: number;
};

/** A change that was begun. */
export type NumberedReplace = Replace & { number: number };

/** Whether the change was begun: ledger and exchange may know of it. */
export function isNumbered(replace: Replace): replace is NumberedReplace {
  return replace.number !== undefined;
}

/** The prefix of the command ids of changes. */
export const replacePrefix = 'replace:';

/** The name of a change at the exchange; the same for all repeats. */
export function replaceCommandId({ orderId, number }: { orderId: string; number: number }): string {
  return `${replacePrefix}${orderId}:${number}`;
}

/** The normalised request in one text: equal for `1.0` and `1.00`. */
export function changeFingerprint(orderId: string, expectedRevision: number, change: Change): string {
  const { quantityMicros = '', limitPriceMicros = '', stopPriceMicros = '', trail, expireTimeMs } = change;
  const plain = ['1', orderId, expectedRevision, quantityMicros, limitPriceMicros, stopPriceMicros].join('|');
  // That of a change without them is the one of the release before, as long as its key lives.
  if (trail === undefined && expireTimeMs === undefined) return plain;
  const trailText = trail?.kind === 'amount' ? `a${trail.micros}` : trail && `p${trail.bps}`;
  return [plain, trailText ?? '', expireTimeMs ?? ''].join('|');
}

/** What the decision about a change depends on. */
export type ReplaceInput = {
  terms: NewTerms;
  /** The orders of its list; absent: it belongs to none. */
  legs?: readonly LegOrder[];
  /** The revision that the owner expects; 0: the present one. */
  expectedRevision: number;
  conditions: TradingConditions;
  counters: AccountCounters;
};

/** Why a change is refused before anyone else is asked; undefined: it is begun. */
export function refuseReplace(order: Order, input: ReplaceInput): Refusal | undefined {
  const { terms, legs = [], expectedRevision, conditions, counters } = input;
  // The exchange ends one by amount as it takes it, even if its end is yet to come here.
  if (isFinal(order) || order.specials?.amountMicros !== undefined) return alreadyFinal(order);
  if (expectedRevision !== 0 && expectedRevision !== order.revision) return revisionStale(order);
  if (isForWaiting(terms) && order.triggerTimeMs !== undefined) return alreadyTriggered;
  const counted = countedTerms(order, terms, legs);
  const notionalMicros = valueMicros(order, counted.quantityLots, counted.priceTicks);
  const byConditions = conditionsRefusal(conditions, { market: tradesAtMarket(order.type), notionalMicros });
  return byConditions ?? refuseMore(withChange(order, terms, legs), { counters, limits: conditions });
}

/** Whether the change is of what counts only while the order waits. */
function isForWaiting({ stopTicks, specials }: NewTerms): boolean {
  return stopTicks !== undefined || specials?.trailTicks !== undefined || specials?.trailBps !== undefined;
}

/** The refusal of a change that would leave more open than the account may have; one that leaves less is never refused for that. */
function refuseMore(
  changed: readonly Changed[],
  { counters, limits }: { counters: AccountCounters; limits: AdmissionLimits },
): Refusal | undefined {
  const sumOf = (orders: Order[]) => orders.reduce((sum, order) => sum + exposureOf(order).notionalMicros, 0n);
  const before = sumOf(changed.map((each) => each.before));
  const after = sumOf(changed.map((each) => each.after));
  if (after <= before) return undefined;
  const others = { openCount: 0, openNotionalMicros: counters.openNotionalMicros - before };
  return openRefusal(others, { ...limits, openOrdersMax: 1 }, { notionalMicros: after, orders: 1 });
}

/** The refusal of a change of an order that has ended. */
export function alreadyFinal(order: Pick<Order, 'state' | 'filledLots'>): Refusal {
  return { reason: 'ORDER_ALREADY_FINAL', metadata: { status: statusOf(order).toUpperCase() } };
}

const alreadyTriggered: Refusal = { reason: 'ORDER_ALREADY_TRIGGERED', metadata: {} };

/** A refusal of the exchange as the owner reads it: of all fields the exchange can refuse stop price and trail alone, of an order
 * that has entered. */
export function ownReplaceRefusal(refusal: Refusal): Refusal {
  return refusal.reason === 'INVALID_FIELD' ? alreadyTriggered : refusal;
}

function revisionStale({ revision }: Order): Refusal {
  return { reason: 'ORDER_REVISION_STALE', metadata: { revision: String(revision) } };
}

/** How a change ends with a refusal: one that met a newer revision is no outcome of its key. */
export function refusedState({ reason }: Refusal): 'refused' | 'stale' {
  return reason === 'ORDER_REVISION_STALE' ? 'stale' : 'refused';
}
