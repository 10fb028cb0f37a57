import type { HoldRequest } from './admit-hold.ts';
import type { ListRequest } from './admit-list.ts';
import type { Hold, HoldTerms } from './hold.ts';
import type { HoldRecord } from './hold-record.ts';
import { isExit } from './list-hold.ts';
import type { Refusal } from './refusal.ts';

/**
 * The outcome of a request whose order id was used before: the first outcome again, HOLD_CLOSED when the id was closed, or
 * KEY_REUSED for other terms. Undefined: the hold stands, or stood until its order was final.
 */
export function repeatHold(request: HoldRequest, record: HoldRecord): Refusal | undefined {
  if (record.kind === 'closed') return { reason: 'hold-closed', metadata: {} };
  const isSame = record.hold.leg === undefined && sameTerms(request.terms, record.hold);
  return isSame ? firstOutcome(record) : { reason: 'key-reused', metadata: {} };
}

/**
 * The outcome of a list of which an order id was used before, as `repeatHold`: HOLD_CLOSED too when one of them was closed, and KEY_REUSED when they
 * were not used for these legs.
 */
export function repeatList(
  { listId, legs }: ListRequest,
  records: ReadonlyMap<string, HoldRecord>,
): Refusal | undefined {
  const found = legs.map((leg) => ({ leg, record: records.get(leg.orderId) }));
  if (found.some(({ record }) => record?.kind === 'closed')) return { reason: 'hold-closed', metadata: {} };
  const hasEntry = legs.some(({ role }) => !isExit(role));
  for (const { leg, record } of found) {
    if (record === undefined || record.kind === 'closed') return { reason: 'key-reused', metadata: {} };
    const { hold } = record;
    const isSame = hold.leg?.listId === listId && hold.leg.role === leg.role;
    // The lots of an exit that waits for its entry follow from those of the entry.
    const terms = hasEntry && isExit(leg.role) ? { ...leg.terms, lots: hold.terms.lots } : leg.terms;
    if (!isSame || !sameTerms(terms, hold)) return { reason: 'key-reused', metadata: {} };
    const outcome = firstOutcome(record);
    if (outcome) return outcome;
  }
  return undefined;
}

function firstOutcome(record: Exclude<HoldRecord, { kind: 'closed' }>): Refusal | undefined {
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
