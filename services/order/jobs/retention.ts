import { runRounds } from '#platform/lifecycle/run-rounds.ts';
import type { Saga } from '../deps.ts';
import { forgetHouseOrders } from '../store/delete-house-orders.ts';

const ordersMax = 2_000;
const intervalMs = 30_000;

/** Keeps the house accounts' orders within their retention, until the signal aborts. Runs in every replica. */
export function runRetention({ db, limits, logger }: Saga, signal: AbortSignal): Promise<void> {
  const work = async () => (await forgetHouseOrders(db, limits.houseRetentionMs, ordersMax)) === ordersMax;
  return runRounds({ name: 'retention', work, pauseMs: intervalMs, signal, logger });
}
