import { amountMax } from '#platform/money/grid.ts';
import { type AdmissionState, type HoldRequest, insufficient, refuseAccount, refusePosition } from './admit-hold.ts';
import { neededAmount } from './amended-amount.ts';
import type { AmendmentRequest } from './amendment.ts';
import { balanceKeyText } from './balance-sheet.ts';
import { type Hold, heldAsset } from './hold.ts';
import type { Refusal } from './refusal.ts';
import { heldByExits, holdWithExits, isExitHold, isLeg, type ListHolds, openEntry } from './settle-list.ts';

/** A requested amendment of the hold of an order. */
export type AmendRequest = AmendmentRequest &
  Pick<HoldRequest, 'orderId' | 'positionMaxMicros'> & {
    /** The owner; the hold of another one is not found. */
    accountId: string;
  };

/**
 * The outcome of a request. `held`: the hold pays for both. `refused`: for good. `unsettled`: the exchange's outcome of an earlier change has
 * not reached the ledger yet, so that this one is not decided.
 */
export type AmendOutcome =
  | { kind: 'held' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'unsettled' }
  /** More shares than any account can have. */
  | { kind: 'too-much' };

/**
 * Decides a request against the locked hold of its order, and stores the decision in the hold. By the rules of a new hold: the account must be
 * active, the position within its limit, and what is held in addition available. A number that was used before has its first outcome, until the
 * feed has ended the change: then it is closed. `legs` are those of the order's list: a change of one may make the hold of others greater.
 */
export function amendHold(
  hold: Hold,
  request: AmendRequest,
  state: AdmissionState,
  legs: ListHolds = [],
): AmendOutcome {
  const known = hold.amendment;
  if (known !== undefined && request.number <= known.number) return repeat(hold, request);
  if (hold.state !== 'open') return closed;
  if (request.lots * hold.terms.lotMicros > amountMax) return { kind: 'too-much' };
  if (known?.state === 'pending') return { kind: 'unsettled' };
  const { number, commandId, lots, priceTicks } = request;
  const amendment = { number, commandId, lots, priceTicks };
  hold.amendment = { ...amendment, state: 'pending', refusal: undefined };
  const refusal = refuseMore(hold, request, state) ?? (isLeg(hold) ? takeForList(legs, state) : takeMore(hold, state));
  if (refusal === undefined) {
    countMore(hold, request, state);
    return { kind: 'held' };
  }
  hold.amendment = { ...amendment, state: 'refused', refusal };
  return { kind: 'refused', refusal };
}

/** The outcome for an order without an open hold. Nothing of it is stored. */
export const closed: AmendOutcome = { kind: 'refused', refusal: { reason: 'hold-closed', metadata: {} } };

function repeat({ amendment }: Hold, request: AmendRequest): AmendOutcome {
  // The change that came after this one was begun when this one had its outcome.
  if (amendment?.number !== request.number) return closed;
  const { commandId, lots, priceTicks } = request;
  if (amendment.commandId !== commandId || amendment.lots !== lots || amendment.priceTicks !== priceTicks) {
    return { kind: 'refused', refusal: { reason: 'key-reused', metadata: {} } };
  }
  if (amendment.state === 'refused') return { kind: 'refused', refusal: amendment.refusal };
  // Its outcome is on the feed, and nothing is held for it any more: it must not be sent to the exchange again.
  return amendment.state === 'pending' ? { kind: 'held' } : closed;
}

function refuseMore(hold: Hold, request: AmendRequest, state: AdmissionState): Refusal | undefined {
  const { terms } = hold;
  const { positionMaxMicros } = request;
  return (
    refuseAccount(state.accounts.get(terms.accountId)) ??
    refusePosition({ terms, positionMaxMicros }, moreLots(hold, request), state)
  );
}

/** Lots that the order would have more. The quantity of an exit changes with the other orders of its list alone. */
function moreLots(hold: Hold, { lots }: AmendRequest): bigint {
  return isExitHold(hold) ? 0n : lots - hold.terms.lots;
}

/** Counts what a buy would bring in in addition, for the requests after it. */
function countMore(hold: Hold, request: AmendRequest, { incomingMicros }: AdmissionState): void {
  const { side, accountId, symbol, lotMicros } = hold.terms;
  const lots = moreLots(hold, request);
  if (side === 'sell' || lots <= 0n) return;
  const text = balanceKeyText({ accountId, asset: symbol });
  incomingMicros.set(text, (incomingMicros.get(text) ?? 0n) + lots * lotMicros);
}

/** Holds what an order with a pending change needs, or returns why that cannot be and changes nothing. */
function takeMore(hold: Hold, state: AdmissionState): Refusal | undefined {
  const { terms, progress, amendment } = hold;
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  const amount = neededAmount(terms, progress, amendment);
  const more = amount - hold.amount;
  if (state.sheet.read(key).available < more) return insufficient(key, more, state.sheet);
  state.sheet.hold(key, more);
  hold.amount = amount;
  return undefined;
}

/** The same for all legs of a list: an entry holds for itself, the exits together. The two are of different assets. */
function takeForList(legs: ListHolds, state: AdmissionState): Refusal | undefined {
  const exits = heldByExits(legs);
  if (exits === undefined) return undefined;
  const { key, held, needed } = exits;
  if (state.sheet.read(key).available < needed - held) return insufficient(key, needed - held, state.sheet);
  const entry = openEntry(legs);
  const refusal = entry && takeMore(entry, state);
  if (refusal) return refusal;
  state.sheet.hold(key, needed - held);
  holdWithExits(legs, needed);
  return undefined;
}
