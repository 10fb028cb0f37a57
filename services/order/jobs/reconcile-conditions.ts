import { reconcileCopies } from '#platform/reconcile/reconcile-copies.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { OrderDeps } from '../deps.ts';
import { fromTradingConditions } from '../rpc/messages/trading-conditions-message.ts';
import { listConditionsVersions } from '../store/list-conditions-versions.ts';
import { saveTradingConditions } from '../store/save-trading-conditions.ts';

/** When to compare, and until when. */
export type ReconcileOptions = { signal: AbortSignal; metrics: Metrics; passPauseMs?: number };

/** Compares the copies of trading conditions with the user service once a minute, until the signal aborts. Runs in every replica. */
export function reconcileConditions(
  { db, users, logger }: Pick<OrderDeps, 'db' | 'users' | 'logger'>,
  options: ReconcileOptions,
): Promise<void> {
  return reconcileCopies({
    ...options,
    name: 'order.conditions',
    listVersions: (afterId, limit) => listConditionsVersions(db, afterId, limit),
    fetch: async (accountIds, signal) => {
      const { accounts } = await users.batchGetConditions({ accountIds }, { signal });
      return accounts.map(fromTradingConditions);
    },
    save: (copies) => saveTradingConditions(db, copies),
    logger,
  });
}
