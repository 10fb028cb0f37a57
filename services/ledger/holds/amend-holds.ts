import { TransactionConflictError } from '#platform/postgres/failures.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type AmendOutcome, type AmendRequest, amendHold, closed } from '../domain/amend-hold.ts';
import type { Hold } from '../domain/hold.ts';
import { holdsAmong } from '../domain/hold-record.ts';
import { lockLists } from '../store/lists.ts';
import { lockBalances } from '../store/lock-balances.ts';
import { lockHolds, readHolds } from '../store/read-holds.ts';
import { writeAmendments } from '../store/write-amendments.ts';
import { writeChanges } from '../store/write-changes.ts';
import { readAdmission } from './read-admission.ts';

/**
 * Lets holds pay for what their orders may become, each decided in its turn, in one transaction. An order without an open hold of its account
 * is refused HOLD_CLOSED, of which nothing is stored.
 */
export function amendHolds(db: Database, requests: AmendRequest[]): Promise<AmendOutcome[]> {
  return db.transaction((tx) => amendInTransaction(tx, requests));
}

async function amendInTransaction(tx: Sql, requests: AmendRequest[]): Promise<AmendOutcome[]> {
  const orderIds = [...new Set(requests.map(({ orderId }) => orderId))];
  // Owner, symbol and side of a hold never change, so they may be read before it is locked: balances are locked first.
  const known = holdsAmong(await readHolds(tx, orderIds));
  const wanted = requests.flatMap(({ orderId, positionMaxMicros }) => {
    const hold = known.get(orderId);
    return hold ? [{ terms: hold.terms, positionMaxMicros, leg: hold.leg }] : [];
  });
  const admission = await readAdmission(tx, wanted, lockBalances);
  const holds = holdsAmong(await lockHolds(tx, orderIds));
  if (holds.size !== known.size) throw new TransactionConflictError('a hold was taken meanwhile');
  const lists = await lockLists(tx, holds);
  const decided = new Set<Hold>();
  const outcomes = requests.map((request): AmendOutcome => {
    const hold = holds.get(request.orderId);
    if (hold?.terms.accountId !== request.accountId) return closed;
    const before = hold.amendment;
    const legs = hold.leg && lists.get(hold.leg.listId);
    const outcome = amendHold(hold, request, admission, legs);
    if (hold.amendment !== before) for (const changed of legs ?? [hold]) decided.add(changed);
    return outcome;
  });
  await writeChanges(tx, { sheet: admission.sheet, holds: [...decided] });
  await writeAmendments(tx, [...decided]);
  return outcomes;
}
