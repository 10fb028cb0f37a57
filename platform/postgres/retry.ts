import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { isUnavailable } from './failures.ts';

/** How to wait for a database: the signal that ends the wait, the log and the delays. */
export type DatabaseRetryOptions = {
  signal?: AbortSignal;
  logger?: Logger;
  /** Default 100 ms, doubling to `delayMaxMs`. */
  delayMs?: number;
  /** Default 2 s. */
  delayMaxMs?: number;
};

/**
 * Runs `work`, which must be safe to repeat, until the database can be reached. Any other failure is thrown at once;
 * rejects with the signal's reason when it aborts.
 */
export async function withDatabaseRetry<T>(work: () => Promise<T>, options: DatabaseRetryOptions = {}): Promise<T> {
  const { signal, logger, delayMs = 100, delayMaxMs = 2_000 } = options;
  for (let attempt = 0; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      logger?.warn({ error, attempt }, 'the database is not reachable yet');
      await pause(backoffMs(attempt, delayMs, delayMaxMs), signal);
    }
  }
}
