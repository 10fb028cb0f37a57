import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { AdmissionState } from '../domain/admit-hold.ts';
import { admitList, type ListRequest, newListHolds } from '../domain/admit-list.ts';
import type { HoldRecord } from '../domain/hold-record.ts';
import { repeatList } from '../domain/repeat-hold.ts';
import { insertHolds, type NewHold } from '../store/insert-holds.ts';
import { lockBalances, readBalances } from '../store/lock-balances.ts';
import { readHolds } from '../store/read-holds.ts';
import { writeChanges } from '../store/write-changes.ts';
import type { HoldOutcome } from './place-holds.ts';
import { readAdmission } from './read-admission.ts';

/**
 * Takes the holds of a group of lists in one transaction: each list as a whole or not at all, one after the other, each against what those before
 * have left. Ids that were used before give their first outcome again; refusals are stored like holds.
 */
export function placeLists(db: Database, requests: ListRequest[], nowMs: number): Promise<HoldOutcome[]> {
  return db.transaction(async (tx) => {
    const legs = requests.flatMap((request) => request.legs);
    const state = await readAdmission(tx, legs, lockBalances);
    const known = await readHolds(
      tx,
      legs.map(({ orderId }) => orderId),
    );
    const fresh: NewHold[] = [];
    const outcomes = requests.map((request) => decide(request, { state, known, fresh }));
    await insertHolds(tx, fresh, new Date(nowMs));
    await writeChanges(tx, { sheet: state.sheet });
    return outcomes;
  });
}

/** The outcome that a new list would have at the moment, by the decision that takes holds. Locks and writes nothing. */
export function previewList(db: Database, request: ListRequest): Promise<HoldOutcome> {
  return db.transaction(
    async (tx: Sql) => {
      const decision = admitList(request, await readAdmission(tx, request.legs, readBalances));
      return 'refusal' in decision ? decision.refusal : undefined;
    },
    { isolation: 'repeatable read' },
  );
}

type Group = { state: AdmissionState; known: Map<string, HoldRecord>; fresh: NewHold[] };

function decide(request: ListRequest, { state, known, fresh }: Group): HoldOutcome {
  if (request.legs.some(({ orderId }) => known.has(orderId))) return repeatList(request, known);
  const decision = admitList(request, state);
  const refusal = 'refusal' in decision ? decision.refusal : undefined;
  for (const hold of newListHolds(request, decision)) {
    fresh.push({ hold, refusal });
    known.set(hold.orderId, refusal ? { kind: 'refused', hold, refusal } : { kind: 'hold', hold });
  }
  return refusal;
}
