import { createWake } from '#platform/concurrency/wake.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import type { Subscription } from '../bus.ts';
import { eventsNotice, queueChannel } from './publish-events.ts';
import { createQueueHolder, type QueueHolder } from './queue-holder.ts';
import { leaseTtlMs, takeQueue } from './queue-lease.ts';

type ConsumerOptions = {
  db: Database;
  subscription: Subscription;
  /** Names this process in bus.queue. */
  holder: string;
  logger: Logger;
  metrics?: Metrics;
};

/** How long the first waits for a queue's lease or for events may be: what a notification misses around the start is found soon. */
const firstWaitMs = 250;

/**
 * Handles a queue's events until disposed, while no other process does: one at a time holds the queue. Woken by NOTIFY; polls when a retry
 * is due and every four seconds. Disposing finishes the page in progress and frees the queue.
 */
export async function startConsumer(options: ConsumerOptions): Promise<AsyncDisposable> {
  const { db, subscription, holder, logger } = options;
  const { queue, types } = subscription;
  const closing = new AbortController();
  const wake = createWake();
  let held: QueueHolder | undefined;
  let waitMaxMs = firstWaitMs;

  /** One step: as the queue's holder if this process can be. Resolves to the time in ms until the next. */
  const step = async (): Promise<number> => {
    if (held === undefined) {
      const taken = await takeQueue(db, { queue, holder, types });
      if ('remainingMs' in taken) return taken.remainingMs + Math.random() * firstWaitMs;
      logger.debug({ queue, token: String(taken.token) }, 'holding the queue');
      held = createQueueHolder({ ...options, lease: taken, signal: closing.signal });
    }
    const waitMs = await held.work();
    if (waitMs !== undefined) return waitMs;
    logger.warn({ queue }, 'the queue was taken over');
    held = undefined;
    return 0;
  };
  const run = async () => {
    for (let failures = 0; !closing.signal.aborted; ) {
      try {
        const waitMs = await step();
        failures = 0;
        if (waitMs === 0) continue;
        await wake.wait(Math.min(waitMs, waitMaxMs));
        waitMaxMs = Math.min(waitMaxMs * 2, leaseTtlMs);
      } catch (error) {
        logger.warn({ queue, error }, 'the queue cannot be read at the moment');
        await pause(backoffMs(failures++, 200, 5_000), closing.signal);
      }
    }
    await held
      ?.release()
      .catch((error) => logger.warn({ queue, error }, 'the queue is free only when its lease expires'));
  };

  const listening = await db.listen(queueChannel(queue), (payload) => {
    // Who waits for the lease is not concerned by events.
    if (held !== undefined || payload !== eventsNotice) wake.raise();
  });
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      wake.raise();
      await running;
      await listening[Symbol.asyncDispose]();
    },
  };
}
