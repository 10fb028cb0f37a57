import { amountMax } from '#platform/money/grid.ts';
import { type AdmissionState, type HoldRequest, insufficient, refuseAccount, refusePosition } from './admit-hold.ts';
import { amendedAmount } from './amended-amount.ts';
import type { AmendmentRequest } from './amendment.ts';
import { balanceKeyText } from './balance-sheet.ts';
import { type Hold, heldAsset } from './hold.ts';
import type { Refusal } from './refusal.ts';

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
 * feed has ended the change: then it is closed.
 */
export function amendHold(hold: Hold, request: AmendRequest, state: AdmissionState): AmendOutcome {
  const known = hold.amendment;
  if (known !== undefined && request.number <= known.number) return repeat(hold, request);
  if (hold.state !== 'open') return closed;
  if (request.lots * hold.terms.lotMicros > amountMax) return { kind: 'too-much' };
  if (known?.state === 'pending') return { kind: 'unsettled' };
  const { number, commandId, lots, priceTicks } = request;
  const decision = admit(hold, request, state);
  const amendment = { number, commandId, lots, priceTicks };
  if ('refusal' in decision) {
    hold.amendment = { ...amendment, state: 'refused', refusal: decision.refusal };
    return { kind: 'refused', refusal: decision.refusal };
  }
  hold.amendment = { ...amendment, state: 'pending', refusal: undefined };
  hold.amount = decision.amount;
  return { kind: 'held' };
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

function admit(hold: Hold, request: AmendRequest, state: AdmissionState): { amount: bigint } | { refusal: Refusal } {
  const { terms } = hold;
  const moreLots = request.lots - terms.lots;
  const refusal =
    refuseAccount(state.accounts.get(terms.accountId)) ??
    refusePosition({ terms, positionMaxMicros: request.positionMaxMicros }, moreLots, state);
  if (refusal) return { refusal };
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  const amount = amendedAmount(terms, hold.progress, request);
  const more = amount - hold.amount;
  if (state.sheet.read(key).available < more) return { refusal: insufficient(key, more, state.sheet) };
  state.sheet.hold(key, more);
  if (terms.side === 'buy' && moreLots > 0n) {
    const text = balanceKeyText({ accountId: terms.accountId, asset: terms.symbol });
    state.incomingMicros.set(text, (state.incomingMicros.get(text) ?? 0n) + moreLots * terms.lotMicros);
  }
  return { amount };
}
