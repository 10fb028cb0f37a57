import {
  type AdmissionState,
  addIncoming,
  type HoldRequest,
  insufficient,
  refuseAccount,
  refusePosition,
} from './admit-hold.ts';
import { type Hold, heldAmount, heldAsset, type ListRole, unfilled } from './hold.ts';
import { exitsAmount, isExit } from './list-hold.ts';
import type { Refusal } from './refusal.ts';

/** A leg of a list as it is requested, with the lots that were ordered. */
export type LegRequest = HoldRequest & { role: ListRole };

/** The holds of a list that are requested together: an entry first, then the exits. */
export type ListRequest = { listId: string; legs: readonly LegRequest[] };

/** What each leg holds, in the order of the legs, or why none of them does. */
export type ListDecision = { amounts: bigint[] } | { refusal: Refusal };

/**
 * Takes what a list can cost from what is available, or returns the refusal and changes nothing: of an entry its own cost, of the exits what they
 * need before the entry has traded. The two are of different assets. Called as `admitHold`.
 */
export function admitList({ legs }: ListRequest, state: AdmissionState): ListDecision {
  const entry = legs.find(({ role }) => !isExit(role));
  const exits = legs.filter(({ role }) => isExit(role));
  const bringing = (entry ?? exits[0]) as LegRequest;
  const refusal =
    refuseAccount(state.accounts.get(bringing.terms.accountId)) ?? refusePosition(bringing, bringing.terms.lots, state);
  if (refusal) return { refusal };
  const needs = needsOf(entry, exits);
  for (const { key, amount } of needs) {
    if (state.sheet.read(key).available < amount) return { refusal: insufficient(key, amount, state.sheet) };
  }
  for (const { key, amount } of needs) state.sheet.hold(key, amount);
  addIncoming(bringing.terms, state);
  return { amounts: legs.map((leg) => needs.find(({ owner }) => owner === leg)?.amount ?? 0n) };
}

type Need = { owner: LegRequest; key: { accountId: string; asset: string }; amount: bigint };

/** What must be held, with the leg that it stands with. */
function needsOf(entry: LegRequest | undefined, exits: readonly LegRequest[]): Need[] {
  const needOf = (owner: LegRequest, amount: bigint): Need => {
    const { terms } = owner;
    return { owner, key: { accountId: terms.accountId, asset: heldAsset(terms) }, amount };
  };
  const live = (leg: LegRequest) => ({ terms: legTerms(leg, entry !== undefined), progress: unfilled, comingLots: 0n });
  const [first] = exits as [LegRequest, ...LegRequest[]];
  const ofExits = needOf(first, exitsAmount(entry && live(entry), exits.map(live)));
  return entry === undefined ? [ofExits] : [needOf(entry, heldAmount(entry.terms, unfilled)), ofExits];
}

/** The terms with which the hold of a leg begins: an exit that waits for its entry has no lots yet. */
function legTerms({ role, terms }: LegRequest, hasEntry: boolean): HoldRequest['terms'] {
  return hasEntry && isExit(role) ? { ...terms, lots: 0n } : terms;
}

/** The holds of a list as they begin, by the decision on it. */
export function newListHolds({ listId, legs }: ListRequest, decision: ListDecision): Hold[] {
  const hasEntry = legs.some(({ role }) => !isExit(role));
  return legs.map((leg, index) => ({
    orderId: leg.orderId,
    state: 'amounts' in decision ? 'open' : 'refused',
    terms: legTerms(leg, hasEntry),
    progress: unfilled,
    amount: 'amounts' in decision ? (decision.amounts[index] ?? 0n) : 0n,
    revision: 0,
    leg: { listId, role: leg.role, comingLots: 0n },
  }));
}
