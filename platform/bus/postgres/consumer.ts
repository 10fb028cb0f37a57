import { createBatcher } from '#platform/batch/batcher.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import type { Subscription } from '../bus.ts';
import { createAttempt, settle } from './attempt.ts';
import { claimDeliveries, claimTimeoutMs, type Delivery, readNextDueMs } from './claim-deliveries.ts';
import { createLanes } from './lanes.ts';
import { queueChannel } from './publish-events.ts';
import { type Settlement, settleDeliveries } from './settle-deliveries.ts';

type ConsumerOptions = { db: Database; subscription: Subscription; logger: Logger; metrics?: Metrics };

const pollMs = 5_000;
const defaultConcurrency = 4;
/** Events taken ahead for each that is handled at a time. */
const claimedPerLane = 8;

/**
 * Handles a queue's events until disposed. Woken by NOTIFY; polls when a retry is due and every five seconds. Disposing finishes
 * the events in progress and releases the other claimed ones.
 */
export async function startConsumer(options: ConsumerOptions): Promise<AsyncDisposable> {
  const { db, subscription, logger } = options;
  const { queue } = subscription;
  const closing = new AbortController();
  const notifier = createNotifier();
  const worker = createWorker(options, closing.signal, () => notifier.notify());

  const run = async () => {
    for (let failures = 0; !closing.signal.aborted; ) {
      const idle = new AbortController();
      const woken = notifier.wait(AbortSignal.any([idle.signal, closing.signal]));
      try {
        const waitMs = await worker.takeNext();
        failures = 0;
        if (waitMs > 0) await Promise.race([woken, pause(waitMs, idle.signal)]);
      } catch (error) {
        logger.warn({ queue, error }, 'the queue cannot be read at the moment');
        await pause(backoffMs(failures++, 200, 5_000), closing.signal);
      } finally {
        idle.abort();
      }
    }
  };

  const listening = await db.listen(queueChannel(queue), () => notifier.notify());
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
      await worker[Symbol.asyncDispose]();
      await listening[Symbol.asyncDispose]();
    },
  };
}

/** Claims deliveries, handles them and records their outcomes; `onRoom` is called when more can be claimed. */
function createWorker(options: ConsumerOptions, closing: AbortSignal, onRoom: () => void) {
  const { db, subscription, logger } = options;
  const { queue, types, concurrency = defaultConcurrency } = subscription;
  const claimedMax = concurrency * claimedPerLane;
  const lanes = createLanes(concurrency);
  const attempt = createAttempt(options);
  const settler = createSettler(db, queue, claimedMax * 2);
  let claimed = 0;
  let pauseUntilMs = 0;
  let pauses = 0;

  const workOn = async (delivery: Delivery, claimTimeMs: number) => {
    try {
      // The claim may expire soon, or have expired, as the delivery waited in its lane: leave it to the next claim.
      if (performance.now() - claimTimeMs > claimTimeoutMs / 2) return;
      const settlement = closing.aborted ? settle(queue, delivery, 'release') : await attempt(delivery);
      if (settlement.outcome === 'done') pauses = 0;
      // A dependency of the handler is unreachable: claiming and releasing event after event would be a busy loop.
      if (settlement.outcome === 'release') pauseUntilMs = performance.now() + backoffMs(pauses++, 500, 5_000);
      await settler.submit(settlement);
    } catch (error) {
      logger.warn({ queue, error }, 'the outcome of an event could not be recorded; it will be delivered again');
    } finally {
      claimed -= 1;
      if (claimed <= claimedMax / 2) onRoom();
    }
  };

  return {
    /** Claims due deliveries; resolves to the time in ms until the next poll, 0 for at once. */
    async takeNext(): Promise<number> {
      const pausedMs = pauseUntilMs - performance.now();
      if (pausedMs > 0) return pausedMs;
      const limit = claimedMax - claimed;
      if (limit < claimedMax / 2) return pollMs;
      const deliveries = await claimDeliveries(db, queue, types, limit);
      const claimTimeMs = performance.now();
      claimed += deliveries.length;
      for (const delivery of deliveries) lanes.run(delivery.event.key, () => workOn(delivery, claimTimeMs));
      if (deliveries.length > 0) return 0;
      // At least 20 ms: what is due but locked by another consumer must not be asked for in a tight loop.
      return Math.max(20, await readNextDueMs(db, queue, types, pollMs));
    },
    async [Symbol.asyncDispose]() {
      await lanes.settled();
      await settler[Symbol.asyncDispose]();
    },
  };
}

function createSettler(db: Database, queue: string, queueLengthMax: number) {
  return createBatcher<Settlement, undefined>({
    name: `settle ${queue}`,
    itemsMax: 500,
    queueLengthMax,
    flush: async (settlements) => {
      await settleDeliveries(db, settlements);
      return settlements.map(() => undefined);
    },
  });
}
