import type { Database } from '#platform/postgres/sql.ts';
import { admitHold, type HoldRequest } from '../domain/admit-hold.ts';
import { readBalances } from '../store/lock-balances.ts';
import type { HoldOutcome } from './place-holds.ts';
import { readAdmission } from './read-admission.ts';

/** The outcome that a new hold would have at the moment, by the decision that takes holds. Locks and writes nothing. */
export function previewHold(db: Database, request: HoldRequest): Promise<HoldOutcome> {
  // One snapshot, so that what settlement moves meanwhile is seen whole or not at all.
  return db.transaction(
    async (tx) => {
      const decision = admitHold(request, await readAdmission(tx, [request], readBalances));
      return 'refusal' in decision ? decision.refusal : undefined;
    },
    { isolation: 'repeatable read' },
  );
}
