import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { OrderDeps } from '../deps.ts';
import { deleteHouseOrders } from '../store/delete-house-orders.ts';
import { deleteReplaces } from '../store/replaces/delete-replaces.ts';
import { deleteSessions } from '../store/save-session.ts';

const ordersMax = 2_000;
const replacesMax = 2_000;
const replaceAgeMaxMs = 7 * 24 * 3_600_000;
const sessionsMax = 2_000;
const intervalMs = 30_000;

/** Deletes orders of house accounts and changes that are past their retention, and sessions that have ended, until the signal aborts. Runs in every replica. */
export function runRetention(deps: OrderDeps, signal: AbortSignal): Promise<void> {
  const work = async () => {
    const orders = await deleteOldHouseOrders(deps, ordersMax);
    const replaces = await deleteOldReplaces(deps, replacesMax);
    const sessions = await deleteSessions(deps.db, deps.nowMs(), sessionsMax);
    return orders === ordersMax || replaces === replacesMax || sessions === sessionsMax;
  };
  return runPeriodically({ name: 'retention', work, pauseMs: intervalMs, signal, logger: deps.logger });
}

/** Deletes at most `limit` orders and returns their number. */
export function deleteOldHouseOrders({ db, limits, clock }: OrderDeps, limit: number): Promise<number> {
  return deleteHouseOrders(db, { updatedBeforeMs: clock.nowMs() - limits.houseRetentionMs, limit });
}

/** Deletes at most `limit` changes whose keys are past their 7 days, and returns their number. */
export function deleteOldReplaces({ db, nowMs }: OrderDeps, limit: number): Promise<number> {
  return deleteReplaces(db, nowMs() - replaceAgeMaxMs, limit);
}
