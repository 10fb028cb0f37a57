import type { HoldRequest } from './admit-hold.ts';
import type { Hold, HoldTerms } from './hold.ts';
import type { HoldRecord } from './hold-record.ts';
import type { Refusal } from './refusal.ts';

/**
 * The answer to a request whose order id was named before: the first answer again, HOLD_CLOSED when the id was given up, or
 * KEY_REUSED for other terms. Undefined: the hold stands, or stood until its order was final.
 */
export function repeatHold(request: HoldRequest, record: HoldRecord): Refusal | undefined {
  if (record.kind === 'closed') return { reason: 'hold-closed', metadata: {} };
  if (!sameTerms(request.terms, record.hold)) return { reason: 'key-reused', metadata: {} };
  if (record.kind === 'refused') return record.refusal;
  return record.hold.state === 'released' ? { reason: 'hold-closed', metadata: {} } : undefined;
}

// The position limit is no part of the terms: it is looked at once, when the hold is taken.
function sameTerms(asked: HoldTerms, { terms, revision }: Hold): boolean {
  const frozen =
    asked.accountId === terms.accountId &&
    asked.symbol === terms.symbol &&
    asked.side === terms.side &&
    asked.tickLotCents === terms.tickLotCents &&
    asked.lotMicros === terms.lotMicros &&
    asked.makerBps === terms.makerBps &&
    asked.takerBps === terms.takerBps;
  // The exchange may have changed price and quantity since.
  return frozen && (revision > 0 || (asked.lots === terms.lots && asked.priceTicks === terms.priceTicks));
}
