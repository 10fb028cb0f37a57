import { pause } from '#platform/postgres/backoff.ts';
import { forgetHouseOrders } from '../store/forget-house-orders.ts';
import type { Saga } from './saga.ts';

const ordersMax = 2_000;
const intervalMs = 30_000;

/** Keeps the house accounts' orders within their retention, until the signal aborts. Runs in every replica. */
export async function runRetention({ db, limits, logger }: Saga, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let forgotten = 0;
    try {
      forgotten = await forgetHouseOrders(db, limits.houseRetentionMs, ordersMax);
    } catch (error) {
      logger.warn({ error }, 'old orders could not be forgotten');
    }
    if (forgotten < ordersMax) await pause(intervalMs, signal);
  }
}
