import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { OrderDeps } from '../deps.ts';
import { deleteHouseOrders } from '../store/delete-house-orders.ts';

const ordersMax = 2_000;
const intervalMs = 30_000;

/** Deletes orders of house accounts that are past their retention, until the signal aborts. Runs in every replica. */
export function runRetention(deps: OrderDeps, signal: AbortSignal): Promise<void> {
  const work = async () => (await deleteOldHouseOrders(deps, ordersMax)) === ordersMax;
  return runPeriodically({ name: 'retention', work, pauseMs: intervalMs, signal, logger: deps.logger });
}

/** Deletes at most `limit` orders and returns their number. */
export function deleteOldHouseOrders({ db, limits, clock }: OrderDeps, limit: number): Promise<number> {
  return deleteHouseOrders(db, { updatedBeforeMs: clock.nowMs() - limits.houseRetentionMs, limit });
}
