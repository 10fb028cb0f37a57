import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { forgetHouseOrders } from '../store/forget-house-orders.ts';
import type { Saga } from './saga.ts';

const ordersMax = 2_000;
const intervalMs = 30_000;

/** Keeps the house accounts' orders within their retention, until the signal aborts. Runs in every replica. */
export function runRetention({ db, limits, logger }: Saga, signal: AbortSignal): Promise<void> {
  const work = async () => (await forgetHouseOrders(db, limits.houseRetentionMs, ordersMax)) === ordersMax;
  return runPeriodically({ name: 'retention', work, pauseMs: intervalMs, signal, logger });
}
