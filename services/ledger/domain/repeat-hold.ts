import type { HoldRequest } from './admit-hold.ts';
import type { Hold, HoldTerms } from './hold.ts';
import type { HoldRecord } from './hold-record.ts';
import type { Refusal } from './refusal.ts';

/**
 * The outcome of a request whose order id was used before: the first outcome again, HOLD_CLOSED when the id was closed, or
 * KEY_REUSED for other terms. Undefined: the hold stands, or stood until its order was final.
 */
export function repeatHold(request: HoldRequest, record: HoldRecord): Refusal | undefined {
  if (record.kind === 'closed') return { reason: 'hold-closed', metadata: {} };
  if (!sameTerms(request.terms, record.hold)) return { reason: 'key-reused', metadata: {} };
  if (record.kind === 'refused') return record.refusal;
  return record.hold.state === 'released' ? { reason: 'hold-closed', metadata: {} } : undefined;
}

// The position limit is no part of the terms: it is checked once, when the hold is taken.
function sameTerms(requested: HoldTerms, { terms, revision }: Hold): boolean {
  const frozen =
    requested.accountId === terms.accountId &&
    requested.symbol === terms.symbol &&
    requested.side === terms.side &&
    requested.tickLotMicros === terms.tickLotMicros &&
    requested.lotMicros === terms.lotMicros &&
    requested.amountMicros === terms.amountMicros &&
    requested.makerBps === terms.makerBps &&
    requested.takerBps === terms.takerBps;
  // The exchange may have changed price and quantity since.
  return frozen && (revision > 0 || (requested.lots === terms.lots && requested.priceTicks === terms.priceTicks));
}
